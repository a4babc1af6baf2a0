package dev.farshore.emulab.command;

import java.time.Duration;

/** Times as people say them: {@code 40 s}, {@code 12 min}, {@code 2 h 05 min}. */
final class Durations {

  private static final long MINUTE = 60;
  private static final long TWO_MINUTES = 120;
  private static final long TWO_HOURS = 120;

  private Durations() {}

  static String text(Duration time) {
    long seconds = Math.max(0, time.toSeconds());
    if (seconds < TWO_MINUTES) {
      return seconds + " s";
    }
    long minutes = Math.round(seconds / (double) MINUTE);
    if (minutes < TWO_HOURS) {
      return minutes + " min";
    }
    return minutes / MINUTE
        + " h "
        + (minutes % MINUTE < 10 ? "0" : "")
        + minutes % MINUTE
        + " min";
  }
}
