package dev.farshore.log.chronicle;

import dev.farshore.log.record.LogPosition;

/** One segment: the records in one cycle of the queue. Owned by the log's thread. */
final class Segment {
  private final int cycle;
  private final LogPosition start;
  private final long bytesBefore;
  private long last;
  private long bytes;
  private boolean unforced;

  /**
   * @param start the point after which its first record follows
   * @param bytesBefore bytes of excerpts that the log wrote to segments before this one
   */
  Segment(int cycle, LogPosition start, long bytesBefore) {
    this.cycle = cycle;
    this.start = start;
    this.bytesBefore = bytesBefore;
    this.last = start.lsn();
  }

  int cycle() {
    return cycle;
  }

  LogPosition start() {
    return start;
  }

  long bytesBefore() {
    return bytesBefore;
  }

  /** LSN of the last record; that of {@link #start} if there is none. */
  long last() {
    return last;
  }

  /** Bytes of its excerpts. */
  long bytes() {
    return bytes;
  }

  long bytesAfter() {
    return bytesBefore + bytes;
  }

  boolean isEmpty() {
    return last == start.lsn();
  }

  /** Which excerpt of the cycle holds a record. */
  long sequence(long lsn) {
    return lsn - start.lsn();
  }

  /** Notes what is known of a segment that is not read through: where the next one begins. */
  void endsAt(long lsn, long logBytes) {
    last = lsn;
    bytes = logBytes - bytesBefore;
  }

  /** Notes an excerpt that is no record. */
  void grew(long excerptBytes) {
    bytes += excerptBytes;
    unforced = true;
  }

  void grewByRecord(long excerptBytes) {
    grew(excerptBytes);
    last++;
  }

  boolean unforced() {
    return unforced;
  }

  /** What was written so far is about to be forced, or need not be. */
  void settled() {
    unforced = false;
  }
}
