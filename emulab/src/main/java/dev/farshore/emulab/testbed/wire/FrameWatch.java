package dev.farshore.emulab.testbed.wire;

import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordFormat;
import dev.farshore.log.record.RecordView;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Finds the records in the bytes of a link session: what is on the wire, by the layout of the
 * stream's frames and of records. Looks at heads only; what a record holds is skipped.
 */
final class FrameWatch {
  private static final int HEADER_BYTES = 8;
  private static final int TYPE_AT = 4;
  private static final byte RECORD = 1;

  private final ByteBuffer head = ByteBuffer.allocate(HEADER_BYTES + RecordFormat.HEADER_BYTES);
  private final RecordView view = new RecordView();
  private final TreeMap<Long, LogPosition> byEnd = new TreeMap<>();
  private final TreeMap<Long, LogPosition> byLsn = new TreeMap<>();
  private OptionalLong group = OptionalLong.empty();
  private long offset;
  private long bodyLeft;
  private int headLeft = HEADER_BYTES;
  private boolean inBody;

  /** The next bytes of the stream, position to limit. */
  void add(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      int taken = headLeft > 0 ? copied(bytes) : skipped(bytes);
      offset += taken;
      bodyLeft -= inBody ? taken : 0;
      if (headLeft == 0) {
        advance();
      }
    }
  }

  private int copied(ByteBuffer bytes) {
    int taken = Math.min(headLeft, bytes.remaining());
    head.put(head.position(), bytes, bytes.position(), taken);
    head.position(head.position() + taken);
    bytes.position(bytes.position() + taken);
    headLeft -= taken;
    return taken;
  }

  private int skipped(ByteBuffer bytes) {
    int taken = (int) Math.min(bodyLeft, bytes.remaining());
    bytes.position(bytes.position() + taken);
    return taken;
  }

  private void advance() {
    boolean isRecord = head.get(TYPE_AT) == RECORD;
    if (!inBody) {
      inBody = true;
      bodyLeft = head.getInt(0);
      headLeft = isRecord ? (int) Math.min(RecordFormat.HEADER_BYTES, bodyLeft) : 0;
    }
    if (bodyLeft == 0) {
      if (isRecord) {
        recordEnds();
      }
      head.clear();
      headLeft = HEADER_BYTES;
      inBody = false;
    }
  }

  private void recordEnds() {
    view.wrap(head.slice(HEADER_BYTES, RecordFormat.HEADER_BYTES));
    LogPosition record = view.end();
    group = OptionalLong.of(view.group());
    byEnd.put(offset, record);
    byLsn.put(record.lsn(), record);
  }

  /** The group of the records; empty before the first of them. */
  OptionalLong group() {
    return group;
  }

  /** The last record that ends at or before that offset of the stream. */
  LogPosition lastWithin(long streamOffset) {
    var last = byEnd.floorEntry(streamOffset);
    return last == null ? LogPosition.START : last.getValue();
  }

  boolean contains(LogPosition record) {
    return record.equals(byLsn.get(record.lsn()));
  }

  /** Forgets the records before the last one within that offset. */
  void forget(long streamOffset) {
    var last = byEnd.floorEntry(streamOffset);
    if (last != null) {
      byEnd.headMap(last.getKey()).clear();
      byLsn.headMap(last.getValue().lsn()).clear();
    }
  }
}
