package dev.farshore.tests.sim;

import java.util.function.Supplier;

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
   * @param what asked for only when there is something to tell: most checks are made each step
   */
  static void unless(boolean holds, String rule, Supplier<String> what) {
    if (!holds) {
      throw new Violation(rule + ": " + what.get());
    }
  }
}
