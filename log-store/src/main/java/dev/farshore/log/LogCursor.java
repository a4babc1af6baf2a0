package dev.farshore.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads the records of a log in order, following its end. Owned by the log's thread. An open cursor
 * keeps the segment it stands in, and those after it, from being recycled.
 */
public interface LogCursor extends AutoCloseable {

  /** LSN of the record that {@link #next} gives next. */
  long lsn();

  /**
   * The next record, encoded, if it is appended and at hand.
   *
   * @return the record from position to limit, valid until the next call; null if there is none at
   *     this moment: either the cursor stands at {@link SegmentLog#appended} or a read is under way
   *     and {@link SegmentLog#poll} will complete it
   * @throws LogDamagedException if the bytes on disk are not what was written
   */
  ByteBuffer next() throws IOException;

  /**
   * Keeps the bytes of the record that {@link #next} gave last as they are, beyond the next call
   * and the close of the cursor, where the log has them in memory anyway.
   *
   * @return to be released once; empty if they have to be copied
   */
  default Optional<Hold> hold() {
    return Optional.empty();
  }

  /** A stretch of the log that stays in memory. Owned by the log's thread. */
  interface Hold {
    void release();
  }

  @Override
  void close();
}
