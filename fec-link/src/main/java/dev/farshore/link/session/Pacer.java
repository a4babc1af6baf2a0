package dev.farshore.link.session;

/**
 * Spreads datagrams over time: in any span of t nanoseconds at most {@code rate * (t + depth)}
 * bits, and one datagram, pass. A virtual-scheduling leaky bucket (ITU-T I.371, GCRA) in
 * nanoseconds. Owned by the sender's thread.
 */
final class Pacer {

  /** A poll may come that late without loss of rate. */
  private static final long TIMER_NANOS = 1_000_000;

  private final long rateBitsPerSecond;
  private final long depthNanos;
  private long theoreticalNanos;

  /**
   * @param largestDatagram in bytes, headers counted; two of them may always follow each other
   */
  Pacer(long rateBitsPerSecond, int largestDatagram, long nowNanos) {
    this.rateBitsPerSecond = rateBitsPerSecond;
    this.depthNanos = Math.max(TIMER_NANOS, 2 * nanosOnWire(largestDatagram, rateBitsPerSecond));
    this.theoreticalNanos = nowNanos - depthNanos;
  }

  /** Time that {@code bytes} take at {@code rate}, rounded up. */
  static long nanosOnWire(long bytes, long rateBitsPerSecond) {
    return Math.ceilDiv(bytes * 8_000_000_000L, rateBitsPerSecond);
  }

  /** Whether a datagram may leave now. */
  boolean isReady(long nowNanos) {
    return theoreticalNanos - nowNanos <= 0;
  }

  /** When a datagram may leave. */
  long readyNanos() {
    return theoreticalNanos;
  }

  /** When half of the bucket is free, if nothing leaves until then. */
  long idleNanos() {
    return theoreticalNanos + depthNanos / 2;
  }

  /** A datagram of that size, headers counted, has left. */
  void onSent(int wireBytes, long nowNanos) {
    if (theoreticalNanos - (nowNanos - depthNanos) < 0) {
      theoreticalNanos = nowNanos - depthNanos;
    }
    theoreticalNanos += nanosOnWire(wireBytes, rateBitsPerSecond);
  }
}
