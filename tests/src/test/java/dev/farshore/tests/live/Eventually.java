package dev.farshore.tests.live;

import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Asks another process again and again until it says yes; gives up after a generous time. */
final class Eventually {
  private static final long WATCHDOG_NANOS = 60_000_000_000L;
  private static final long PAUSE_NANOS = 50_000_000L;

  private Eventually() {}

  /**
   * @param ask throws while the answer is no; what it throws last is the cause when time is up
   * @param about what to print then
   */
  static <T> T get(String what, Callable<T> ask, Callable<String> about) throws Exception {
    long begun = System.nanoTime();
    while (true) {
      try {
        return ask.call();
      } catch (Exception | AssertionError notYet) {
        if (System.nanoTime() - begun > WATCHDOG_NANOS) {
          throw new AssertionError(what + " did not come:\n" + about.call(), notYet);
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }
}
