package dev.farshore.log.group;

import dev.farshore.log.record.RecordFormat;
import dev.farshore.log.record.RecordView;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Records that this site's disk has lost and another site gave back, until the fold has put them
 * into the images. The log is not written in: what is in the images needs no log, and until then
 * its bytes are what they are, and are said to be damaged. Owned by the group's thread.
 */
final class GivenBack {

  /** Room for the longest append, of which the log may have lost all, and some more. */
  static final long BYTES_MAX = RecordFormat.MAX_APPEND_BYTES + (8L << 20);

  private final TreeMap<Long, ByteBuffer> records = new TreeMap<>();
  private final RecordView view = new RecordView();
  private long bytes;

  /**
   * Keeps a copy of a record, if it is a sound one and there is room.
   *
   * @param record encoded, position to limit
   * @return its LSN; empty if it is not kept
   */
  Optional<Long> add(ByteBuffer record) {
    int length = record.remaining();
    boolean sound =
        view.wrap(record).verifyHeader() && view.encodedBytes() == length && view.verifyPayload();
    if (!sound || bytes + length > BYTES_MAX) {
      return Optional.empty();
    }
    long lsn = view.lsn();
    drop(lsn);
    records.put(lsn, ByteBuffer.allocate(length).put(record.duplicate()).flip());
    bytes += length;
    return Optional.of(lsn);
  }

  Optional<ByteBuffer> at(long lsn) {
    return Optional.ofNullable(records.get(lsn));
  }

  void drop(long lsn) {
    ByteBuffer dropped = records.remove(lsn);
    bytes -= dropped == null ? 0 : dropped.remaining();
  }

  /** They are in the images. */
  void forgetUpTo(long lsn) {
    while (!records.isEmpty() && records.firstKey() <= lsn) {
      drop(records.firstKey());
    }
  }

  void clear() {
    records.clear();
    bytes = 0;
  }
}
