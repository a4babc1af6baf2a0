package dev.farshore.agent.mirror.stream;

/**
 * Where in the link's stream each record ends, for the records between two offsets: turns the
 * link's watermarks (offsets) into the log's (LSNs). LSNs are dense, so this is a ring of offsets.
 * Owned by the group's thread; bounded by the records that fit the link's window.
 */
public final class LsnOffsets {
  private static final int INITIAL_RECORDS = 1024;

  private long[] ends = new long[INITIAL_RECORDS];
  private long firstLsn;
  private long forgottenEnd;
  private int count;

  /**
   * @param fromLsn LSN of the first record that will be added
   */
  public LsnOffsets(long fromLsn) {
    this.firstLsn = fromLsn;
  }

  /** The next record ends at {@code streamOffset}. */
  public void add(long lsn, long streamOffset) {
    if (lsn != firstLsn + count) {
      throw new IllegalStateException("record " + lsn + " after " + (firstLsn + count - 1));
    }
    if (count == ends.length) {
      long[] larger = new long[ends.length * 2];
      for (int i = 0; i < count; i++) {
        larger[slot(firstLsn + i, larger.length)] = ends[slot(firstLsn + i, ends.length)];
      }
      ends = larger;
    }
    ends[slot(lsn, ends.length)] = streamOffset;
    count++;
  }

  private static int slot(long lsn, int length) {
    return (int) (lsn & (length - 1));
  }

  /** LSN of the last record that ends at or before {@code streamOffset}. */
  public long lsnAt(long streamOffset) {
    return firstLsn + countTo(streamOffset) - 1;
  }

  /**
   * Where the last record ends that ends at or before {@code streamOffset}, which no record that
   * was forgotten goes beyond; 0 before the first.
   */
  public long endAt(long streamOffset) {
    int known = countTo(streamOffset);
    return known == 0 ? forgottenEnd : ends[slot(firstLsn + known - 1, ends.length)];
  }

  private int countTo(long streamOffset) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ends[slot(firstLsn + middle, ends.length)] <= streamOffset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Forgets the records up to {@code lsn}; they are past every watermark. */
  public void forget(long lsn) {
    long gone = Math.min(lsn - firstLsn + 1, count);
    if (gone > 0) {
      forgottenEnd = ends[slot(firstLsn + gone - 1, ends.length)];
      firstLsn += gone;
      count -= (int) gone;
    }
  }
}
