package dev.farshore.log;

import dev.farshore.log.record.LogPosition;
import java.io.IOException;

/**
 * Logs of one kind, each with a disk of its own that does what it should. Stores should use small
 * segments (64 KiB), so that the contract's tests cross their ends.
 */
public interface StoreUnderTest extends AutoCloseable {

  /** The group of every log. */
  long GROUP = 0x1234_5678_9abcL;

  /** A new log, apart from all others. */
  SegmentLog create(String name, LogPosition start) throws IOException;

  /** The log of that name again, after {@link SegmentLog#close}. */
  SegmentLog open(String name) throws IOException;

  /** The log of that name again, after its process died with it open. */
  SegmentLog openAfterDeath(String name) throws IOException;

  /** How many seeds the random test runs; a store whose opening is slow may run fewer. */
  default int randomRuns() {
    return 20;
  }

  /** Gives up what the logs lay in; they are closed or dead. */
  @Override
  void close() throws IOException;
}
