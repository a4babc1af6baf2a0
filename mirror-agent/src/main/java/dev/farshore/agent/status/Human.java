package dev.farshore.agent.status;

import java.util.Locale;

/** Numbers as people read them; rounded, so not to be parsed. */
public final class Human {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private Human() {}

  /** {@code 512B}, {@code 1.5MiB}. */
  public static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    // 1023.95 would be printed as 1024.0.
    while (value >= 1023.95 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    boolean whole = unit == 0 || value == Math.rint(value);
    return String.format(Locale.ROOT, whole ? "%.0f%s" : "%.1f%s", value, UNITS[unit]);
  }

  /** {@code 0.250s}, {@code 12.3s}, {@code 3min20s}, {@code 2h05min}. */
  public static String seconds(double seconds) {
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.3fs", seconds);
    }
    if (seconds < 120) {
      return String.format(Locale.ROOT, "%.1fs", seconds);
    }
    long whole = (long) seconds;
    return whole < 7200
        ? String.format(Locale.ROOT, "%dmin%02ds", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%dh%02dmin", whole / 3600, whole % 3600 / 60);
  }

  /** {@code 1.02%}. */
  public static String share(double share) {
    return String.format(Locale.ROOT, "%.2f%%", share * 100);
  }
}
