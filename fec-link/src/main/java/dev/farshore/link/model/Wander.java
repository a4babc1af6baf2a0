package dev.farshore.link.model;

/**
 * Jitter that keeps order. Every {@code 2 * jitter} a fresh uniform value between 0 and {@code
 * jitter} is drawn, and between them the extra delay moves on a straight line. It falls by at most
 * half a nanosecond each nanosecond, so a later packet stays later.
 */
final class Wander {

  private final long seed;

  Wander(long seed) {
    this.seed = seed;
  }

  long extraNanos(long jitterNanos, long atNanos) {
    if (jitterNanos == 0) {
      return 0;
    }
    long period = 2 * jitterNanos;
    long knot = Math.floorDiv(atNanos, period);
    double share = (double) Math.floorMod(atNanos, period) / period;
    return (long) (jitterNanos * (level(knot) * (1 - share) + level(knot + 1) * share));
  }

  /** A uniform number from 0 to 1 that depends on seed and knot alone. */
  private double level(long knot) {
    return (mix(seed ^ mix(knot)) >>> 11) * 0x1.0p-53;
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
