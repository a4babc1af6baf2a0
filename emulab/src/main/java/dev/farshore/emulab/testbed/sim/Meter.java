package dev.farshore.emulab.testbed.sim;

import org.HdrHistogram.Histogram;

/** Counts and latencies of what ends in the measured span. */
final class Meter {
  private static final long LONGEST_MICROS = 3_600_000_000L;
  private static final int DIGITS = 3;
  private static final int NANOS_PER_MICRO = 1_000;

  private final Histogram client = new Histogram(LONGEST_MICROS, DIGITS);
  private final Histogram mirroring = new Histogram(LONGEST_MICROS, DIGITS);
  private boolean running;

  void start() {
    running = true;
  }

  void stop() {
    running = false;
  }

  /** A request was answered. */
  void answered(long beganNanos, long nowNanos) {
    if (running) {
      client.recordValue((nowNanos - beganNanos) / NANOS_PER_MICRO);
    }
  }

  /** The mirror has forced a request. */
  void mirrored(long beganNanos, long nowNanos) {
    if (running) {
      mirroring.recordValue((nowNanos - beganNanos) / NANOS_PER_MICRO);
    }
  }

  /** From first byte to reply, microseconds. */
  Histogram client() {
    return client;
  }

  /** From first byte to the mirror's force, microseconds. */
  Histogram mirroring() {
    return mirroring;
  }
}
