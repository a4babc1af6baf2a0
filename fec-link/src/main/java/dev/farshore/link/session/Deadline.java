package dev.farshore.link.session;

/** Points in time of a clock with any zero, of which some may never come. */
final class Deadline {

  /** Never. */
  static final long NONE = Long.MAX_VALUE;

  private Deadline() {}

  static long earlier(long a, long b) {
    if (a == NONE || b == NONE) {
      return a == NONE ? b : a;
    }
    return a - b <= 0 ? a : b;
  }

  static long later(long a, long b) {
    if (a == NONE || b == NONE) {
      return NONE;
    }
    return a - b >= 0 ? a : b;
  }

  static boolean isPast(long deadline, long nowNanos) {
    return deadline != NONE && deadline - nowNanos <= 0;
  }
}
