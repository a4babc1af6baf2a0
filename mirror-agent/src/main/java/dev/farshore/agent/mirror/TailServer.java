package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.control.ControlMessage.TailBytes;
import dev.farshore.agent.mirror.control.ControlMessage.TailEnd;
import dev.farshore.link.port.ControlPort;
import dev.farshore.log.LogCursor;
import dev.farshore.log.SegmentLog;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Gives the end of the mirror's log back to a primary that lost it. Owned by the group's thread.
 */
final class TailServer {
  private static final int PIECE_BYTES = ControlPort.MAX_MESSAGE_BYTES / 2;

  private final SegmentLog log;
  private final LogCursor cursor;
  private ByteBuffer record;

  TailServer(SegmentLog log, long fromLsn) {
    this.log = log;
    this.cursor = log.cursor(fromLsn);
  }

  /**
   * Sends what the channel takes.
   *
   * @return whether the end has been sent
   */
  boolean poll(ControlChannel channel) throws IOException {
    while (true) {
      if (record == null) {
        record = cursor.next();
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
      if (ends) {
        record = null;
      }
    }
  }

  void close() {
    cursor.close();
  }
}
