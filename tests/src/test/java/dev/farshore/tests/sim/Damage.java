package dev.farshore.tests.sim;

import dev.farshore.log.LogDamagedException;
import dev.farshore.log.image.ImageDamagedException;
import dev.farshore.log.slot.SlotsDamagedException;
import java.util.Arrays;

/** How the product says that stored bytes are not what was written. */
final class Damage {
  private Damage() {}

  static boolean isTyped(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof LogDamagedException
          || cause instanceof ImageDamagedException
          || cause instanceof SlotsDamagedException) {
        return true;
      }
    }
    return false;
  }

  /** Whether it is for calls that were made to fail. */
  static boolean isInjected(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      if ((message != null && message.startsWith("injected failure"))
          || Arrays.stream(cause.getSuppressed()).anyMatch(Damage::isInjected)) {
        return true;
      }
    }
    return false;
  }
}
