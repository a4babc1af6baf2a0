package dev.farshore.tests.sim;

/** Something happened that must never happen, whatever the faults. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Violation(String message) {
    super(message);
  }

  Violation(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * @param rule number of the invariant in the reliability reference, or a word
   */
  static void unless(boolean holds, String rule, String what) {
    if (!holds) {
      throw new Violation(rule + ": " + what);
    }
  }
}
