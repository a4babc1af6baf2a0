package dev.farshore.log.file;

import java.util.Arrays;

/**
 * Where the records of one segment begin, by LSN: one int for each. A record that cannot be found,
 * because its batch is damaged, has no place; nor has one that could not be read when the index was
 * made, which may be readable the next time.
 */
final class RecordIndex {

  static final int NOWHERE = 0;

  private final long firstLsn;
  private int[] offsets = new int[16];
  private int count;
  private boolean incomplete;
  private boolean missed;

  RecordIndex(long firstLsn) {
    this.firstLsn = firstLsn;
  }

  /** LSN that the next added record has. */
  long nextLsn() {
    return firstLsn + count;
  }

  void add(int offset) {
    if (count == offsets.length) {
      offsets = Arrays.copyOf(offsets, count * 2);
    }
    offsets[count++] = offset;
  }

  /** Notes that nobody knows where the records before {@code lsn} are. */
  void skipTo(long lsn) {
    while (nextLsn() < lsn) {
      add(NOWHERE);
    }
  }

  /** Notes that some records could not be read. */
  void isIncomplete() {
    incomplete = true;
  }

  /** Notes that somebody looked for a record that has no place here. */
  void missed() {
    missed = true;
  }

  /** Whether what was missed may be found by looking into the segment again. */
  boolean isWorthAnotherLook() {
    return incomplete && missed;
  }

  /** Forgets the records from {@code lsn} on. */
  void truncate(long lsn) {
    count = (int) Math.clamp(lsn - firstLsn, 0, (long) count);
  }

  boolean knows(long lsn) {
    return lsn >= firstLsn && lsn < nextLsn();
  }

  int offset(long lsn) {
    return offsets[Math.toIntExact(lsn - firstLsn)];
  }

  int entries() {
    return count;
  }
}
