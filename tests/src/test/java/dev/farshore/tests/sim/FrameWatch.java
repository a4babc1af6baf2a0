package dev.farshore.tests.sim;

import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordView;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.TreeMap;

/**
 * Finds the records in the bytes of a link session: what is on the wire, by the layout of the
 * stream's frames and of records.
 */
final class FrameWatch {
  private static final int HEADER_BYTES = 8;
  private static final byte RECORD = 1;

  private final ByteArrayOutputStream frame = new ByteArrayOutputStream();
  private final TreeMap<Long, LogPosition> byEnd = new TreeMap<>();
  private final TreeMap<Long, LogPosition> byLsn = new TreeMap<>();
  private long offset;
  private int wanted = HEADER_BYTES;
  private boolean inBody;

  /** The next bytes of the stream. */
  void add(byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      int taken = Math.min(wanted - frame.size(), bytes.length - at);
      frame.write(bytes, at, taken);
      at += taken;
      offset += taken;
      if (frame.size() == wanted) {
        advance();
      }
    }
  }

  private void advance() {
    ByteBuffer bytes = ByteBuffer.wrap(frame.toByteArray());
    if (!inBody) {
      wanted = HEADER_BYTES + bytes.getInt(0);
      inBody = true;
    }
    if (frame.size() == wanted) {
      if (bytes.get(4) == RECORD) {
        LogPosition record =
            new RecordView().wrap(bytes.slice(HEADER_BYTES, wanted - HEADER_BYTES)).end();
        byEnd.put(offset, record);
        byLsn.put(record.lsn(), record);
      }
      frame.reset();
      wanted = HEADER_BYTES;
      inBody = false;
    }
  }

  /** The last record that ends at or before that offset of the stream. */
  LogPosition lastWithin(long streamOffset) {
    var last = byEnd.floorEntry(streamOffset);
    return last == null ? LogPosition.START : last.getValue();
  }

  boolean contains(LogPosition record) {
    return record.equals(byLsn.get(record.lsn()));
  }
}
