package dev.farshore.tests.sim;

/**
 * What happened, as one number over all of it and as text for the last part. Two runs that have the
 * same number took the same steps.
 */
final class Trace {
  private static final int KEPT = 1 << 9;

  private final long[] times = new long[KEPT];
  private final String[] events = new String[KEPT];
  private final long[] first = new long[KEPT];
  private final long[] second = new long[KEPT];
  private long count;
  private long hash;

  /** {@code event} is a constant or built from constants: its hash code is part of the trace. */
  void event(long nowNanos, String event, long a, long b) {
    int slot = (int) (count++ & (KEPT - 1));
    times[slot] = nowNanos;
    events[slot] = event;
    first[slot] = a;
    second[slot] = b;
    hash = mix(hash ^ nowNanos);
    hash = mix(hash ^ event.hashCode());
    hash = mix(hash ^ a);
    hash = mix(hash ^ b);
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
  static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  long hash() {
    return hash;
  }

  long count() {
    return count;
  }

  /** The last events, one a line, oldest first. */
  String tail() {
    StringBuilder text = new StringBuilder();
    for (long i = Math.max(0, count - KEPT); i < count; i++) {
      int slot = (int) (i & (KEPT - 1));
      text.append(
          String.format(
              "%,18d  %-34s %12d %12d%n", times[slot], events[slot], first[slot], second[slot]));
    }
    return text.toString();
  }
}
