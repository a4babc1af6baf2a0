package dev.farshore.agent.mirror;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How far the mirror's confirmation is behind the log, in bytes and in time. Samples of the log's
 * end are kept until the mirror has passed them; when there are many, two become one, so that
 * memory is bounded and the oldest sample stays exact to within one part in {@value #MAX_SAMPLES}.
 */
final class LagMeter {
  private static final int MAX_SAMPLES = 4096;

  /**
   * The log ended at {@code lsn} with {@code bytes} encoded bytes; it got there at {@code nanos}.
   */
  private record Sample(long lsn, long bytes, long nanos) {}

  private final Deque<Sample> unconfirmed = new ArrayDeque<>();
  private long confirmedBytes;
  private long endBytes;
  private long endLsn;

  /** Starts with a log that ends at {@code lsn}, all of it confirmed until told otherwise. */
  LagMeter(long lsn, long encodedBytes) {
    endLsn = lsn;
    endBytes = encodedBytes;
    confirmedBytes = encodedBytes;
  }

  /** The log ends at {@code lsn} now. */
  void appended(long lsn, long encodedBytes, long nowNanos) {
    if (lsn > endLsn) {
      if (unconfirmed.size() == MAX_SAMPLES) {
        thin();
      }
      unconfirmed.addLast(new Sample(lsn, encodedBytes, nowNanos));
      endLsn = lsn;
      endBytes = encodedBytes;
    }
  }

  /** Every second sample goes; its records count as being as old as the ones before them. */
  private void thin() {
    int pairs = unconfirmed.size() / 2;
    for (int i = 0; i < pairs; i++) {
      Sample older = unconfirmed.removeFirst();
      Sample newer = unconfirmed.removeFirst();
      unconfirmed.addLast(new Sample(newer.lsn, newer.bytes, older.nanos));
    }
  }

  /** The mirror has forced everything up to {@code lsn}. */
  void confirmed(long lsn) {
    while (!unconfirmed.isEmpty() && unconfirmed.peekFirst().lsn <= lsn) {
      confirmedBytes = unconfirmed.removeFirst().bytes;
    }
  }

  long bytes() {
    return unconfirmed.isEmpty() ? 0 : endBytes - confirmedBytes;
  }

  /** Age of the oldest record that is not confirmed; 0 if all are. */
  long nanos(long nowNanos) {
    return unconfirmed.isEmpty() ? 0 : nowNanos - unconfirmed.peekFirst().nanos;
  }

  /** When the oldest unconfirmed record becomes older than {@code age}; never once it is. */
  long deadlineNanos(long age, long nowNanos) {
    if (unconfirmed.isEmpty() || nanos(nowNanos) > age) {
      return Long.MAX_VALUE;
    }
    long left = age - nanos(nowNanos) + 1;
    return left > Long.MAX_VALUE - nowNanos ? Long.MAX_VALUE : nowNanos + left;
  }
}
