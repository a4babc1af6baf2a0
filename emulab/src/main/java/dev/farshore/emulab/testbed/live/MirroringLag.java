package dev.farshore.emulab.testbed.live;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;

/**
 * How long records of one group take from the primary's log to the mirror's disk, from readings of
 * both. Has no clock; owned by one thread.
 */
final class MirroringLag {
  /** Beyond this the mirror is so far behind that further samples say nothing new. */
  private static final int MOST_PENDING = 100_000;

  private record Sample(long lsn, long appendedNanos) {}

  private final Deque<Sample> pending = new ArrayDeque<>();
  private final LongConsumer samples;
  private long lastAppended = -1;
  private long lastAppendedNanos;
  private long lastForcedNanos;
  private boolean mirrorRead;

  /**
   * @param samples takes nanoseconds from the append to the force at the mirror
   */
  MirroringLag(LongConsumer samples) {
    this.samples = samples;
  }

  /** The primary's log ends at {@code lsn}. */
  void primary(long lsn, long nanos) {
    if (lastAppended >= 0 && lsn > lastAppended && pending.size() < MOST_PENDING) {
      pending.addLast(new Sample(lsn, middle(lastAppendedNanos, nanos)));
    }
    lastAppended = lsn;
    lastAppendedNanos = nanos;
  }

  /** The mirror has forced everything up to {@code lsn}. */
  void mirror(long lsn, long nanos) {
    long reached = mirrorRead ? middle(lastForcedNanos, nanos) : nanos;
    while (!pending.isEmpty() && pending.peekFirst().lsn() <= lsn) {
      samples.accept(Math.max(0, reached - pending.removeFirst().appendedNanos()));
    }
    mirrorRead = true;
    lastForcedNanos = nanos;
  }

  private static long middle(long a, long b) {
    return a + (b - a) / 2;
  }
}
