package dev.farshore.emulab.wan;

import org.HdrHistogram.Histogram;

/** How much later than the model said something was handed on. Owned by one thread. */
public final class Lateness {

  private static final long MOST_NANOS = 10_000_000_000L;

  private final Histogram nanos = new Histogram(MOST_NANOS, 2);

  public void record(long lateNanos) {
    nanos.recordValue(Math.clamp(lateNanos, 0, MOST_NANOS));
  }

  /** Nanoseconds; 0 if nothing was handed on yet. */
  public long atPercentile(double percentile) {
    return nanos.getTotalCount() == 0 ? 0 : nanos.getValueAtPercentile(percentile);
  }
}
