package dev.farshore.log.file;

import dev.farshore.log.record.RecordFormat;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * Records that the disk has lost and another site gave back, in memory. When there are too many,
 * those that came first are forgotten, and are lost again. Owned by the log's thread.
 */
final class Mended {

  /** Room for the longest append, of which the log may have lost all, and some more. */
  static final long BYTES_MAX = RecordFormat.MAX_APPEND_BYTES + (8L << 20);

  private final LinkedHashMap<Long, ByteBuffer> records = new LinkedHashMap<>();
  private long bytes;

  Optional<ByteBuffer> at(long lsn) {
    return records.isEmpty() ? Optional.empty() : Optional.ofNullable(records.get(lsn));
  }

  /**
   * @param record belongs to this from now on
   */
  void put(long lsn, ByteBuffer record) {
    drop(lsn);
    records.put(lsn, record);
    bytes += record.remaining();
    while (bytes > BYTES_MAX) {
      drop(records.firstEntry().getKey());
    }
  }

  private void drop(long lsn) {
    ByteBuffer dropped = records.remove(lsn);
    bytes -= dropped == null ? 0 : dropped.remaining();
  }

  /** The log ends here now, and may go on with others. */
  void forgetAfter(long lsn) {
    forget(lsn + 1, Long.MAX_VALUE);
  }

  /** The log begins here now. */
  void forgetBefore(long lsn) {
    forget(0, lsn - 1);
  }

  private void forget(long from, long to) {
    Iterator<Long> each = records.keySet().iterator();
    while (each.hasNext()) {
      long lsn = each.next();
      if (lsn >= from && lsn <= to) {
        bytes -= records.get(lsn).remaining();
        each.remove();
      }
    }
  }
}
