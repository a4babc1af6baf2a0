package dev.farshore.link.session;

/**
 * Spreads datagrams over time by two leaky buckets (virtual scheduling, ITU-T I.371). In any span
 * of t nanoseconds, and beyond two datagrams, at most
 *
 * <ul>
 *   <li>{@code rate * (t + 16 ms)} bits pass: the rate holds, and a sender that comes late, because
 *       its thread did not run, does not lose what it could not send meanwhile. Without that a
 *       young JVM, still compiling, reached two thirds of a slow link's rate;
 *   <li>{@code 2 * rate * (t + 2 ms)} bits pass: what it is late with leaves at twice the rate, not
 *       at once.
 * </ul>
 *
 * <p>The burst promise does not rest on these (see {@link CodePlan#spacingPackets}). A queue before
 * a bottleneck of the same rate needs room for 16 ms. Owned by the sender's thread.
 */
final class Pacer {

  private static final long CREDIT_NANOS = 16_000_000;

  /** At twice the rate: every poll may come twice as late. */
  private static final long CLUMP_NANOS = 2_000_000;

  private static final int CATCH_UP = 2;

  private final Bucket sustained;
  private final Bucket peak;

  /**
   * @param largestDatagram in bytes, headers counted; two of them may always follow each other
   */
  Pacer(long rateBitsPerSecond, int largestDatagram, long nowNanos) {
    this.sustained = new Bucket(rateBitsPerSecond, CREDIT_NANOS, largestDatagram, nowNanos);
    this.peak = new Bucket(CATCH_UP * rateBitsPerSecond, CLUMP_NANOS, largestDatagram, nowNanos);
  }

  /** Time that {@code bytes} take at {@code rate}, rounded up. */
  static long nanosOnWire(long bytes, long rateBitsPerSecond) {
    return Math.ceilDiv(bytes * 8_000_000_000L, rateBitsPerSecond);
  }

  /** Whether a datagram may leave now. */
  boolean isReady(long nowNanos) {
    return readyNanos() - nowNanos <= 0;
  }

  /** When a datagram may leave. */
  long readyNanos() {
    return Deadline.later(sustained.freeNanos, peak.freeNanos);
  }

  /** When half of both buckets is free, if nothing leaves until then. */
  long idleNanos() {
    return Deadline.later(sustained.halfFreeNanos(), peak.halfFreeNanos());
  }

  /** A datagram of that size, headers counted, has left. */
  void onSent(int wireBytes, long nowNanos) {
    sustained.fill(wireBytes, nowNanos);
    peak.fill(wireBytes, nowNanos);
  }

  /** Holds as many bits as the rate carries in its depth. */
  private static final class Bucket {
    private final long rateBitsPerSecond;
    private final long depthNanos;

    /** When the next datagram may leave. */
    private long freeNanos;

    Bucket(long rateBitsPerSecond, long leastDepthNanos, int largestDatagram, long nowNanos) {
      this.rateBitsPerSecond = rateBitsPerSecond;
      this.depthNanos =
          Math.max(leastDepthNanos, 2 * nanosOnWire(largestDatagram, rateBitsPerSecond));
      this.freeNanos = nowNanos - depthNanos;
    }

    long halfFreeNanos() {
      return freeNanos + depthNanos / 2;
    }

    void fill(int wireBytes, long nowNanos) {
      if (freeNanos - (nowNanos - depthNanos) < 0) {
        freeNanos = nowNanos - depthNanos;
      }
      freeNanos += nanosOnWire(wireBytes, rateBitsPerSecond);
    }
  }
}
