package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.control.ControlMessage.TailBytes;
import dev.farshore.agent.mirror.control.ControlMessage.TailEnd;
import dev.farshore.link.port.ControlPort;
import dev.farshore.log.LogCursor;
import dev.farshore.log.LogDamagedException;
import dev.farshore.log.SegmentLog;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Gives a portion of this site's log to the other one, which lost it: of its end, or of what rotted
 * there. Owned by the group's thread.
 */
final class TailServer {
  /** A portion ends with the record that reaches so many bytes. */
  static final long PORTION_BYTES = 4L << 20;

  private static final int PIECE_BYTES = ControlPort.MAX_MESSAGE_BYTES / 2;

  private final SegmentLog log;
  private final LogCursor cursor;
  private ByteBuffer record;
  private long sentBytes;

  TailServer(SegmentLog log, long fromLsn) {
    this.log = log;
    this.cursor = log.cursor(fromLsn);
  }

  /**
   * Sends what the channel takes.
   *
   * @return whether the portion's end has been sent
   */
  boolean poll(ControlChannel channel) throws IOException {
    while (true) {
      if (record == null && sentBytes >= PORTION_BYTES) {
        return channel.send(new TailEnd(log.positionAt(cursor.lsn() - 1).orElseThrow()));
      }
      if (record == null) {
        try {
          record = cursor.next();
        } catch (LogDamagedException alsoHere) {
          return channel.send(TailEnd.NOT_HELD);
        }
      }
      if (record == null) {
        return cursor.lsn() > log.last().lsn() && channel.send(new TailEnd(log.last()));
      }
      int bytes = Math.min(PIECE_BYTES, record.remaining());
      boolean ends = bytes == record.remaining();
      if (!channel.send(new TailBytes(record.slice(record.position(), bytes), ends))) {
        return false;
      }
      record.position(record.position() + bytes);
      sentBytes += bytes;
      if (ends) {
        record = null;
      }
    }
  }

  void close() {
    cursor.close();
  }
}
