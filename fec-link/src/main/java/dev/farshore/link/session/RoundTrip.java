package dev.farshore.link.session;

/** Estimates the round trip as in RFC 6298. Owned by the sender's thread. */
final class RoundTrip {

  private static final long UNKNOWN_NANOS = 200_000_000;
  private static final long GRANULARITY_NANOS = 1_000_000;

  private long smoothed;
  private long variation;
  private long least = Long.MAX_VALUE;

  void onSample(long nanos) {
    long sample = Math.max(nanos, 1);
    least = Math.min(least, sample);
    if (smoothed == 0) {
      smoothed = sample;
      variation = sample / 2;
    } else {
      variation += (Math.abs(smoothed - sample) - variation) / 4;
      smoothed += (sample - smoothed) / 8;
    }
  }

  /** 0 before the first sample. */
  long smoothedNanos() {
    return smoothed;
  }

  /** 0 before the first sample. */
  long leastNanos() {
    return smoothed == 0 ? 0 : least;
  }

  /** After how long without an answer one may be missed. */
  long timeoutNanos() {
    return smoothed == 0
        ? UNKNOWN_NANOS
        : smoothed + Math.max(4 * variation, GRANULARITY_NANOS) + AckSchedule.DELAY_NANOS;
  }
}
