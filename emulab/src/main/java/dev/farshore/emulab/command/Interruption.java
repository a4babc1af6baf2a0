package dev.farshore.emulab.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C while a plan runs: the run is interrupted, and given a while to take down what it set up
 * (processes, namespaces), before the JVM ends.
 */
final class Interruption {

  private final CountDownLatch over = new CountDownLatch(1);

  private Interruption() {}

  /**
   * @param patienceSeconds how long the JVM waits for {@link #over}
   */
  static Interruption ofThisThread(long patienceSeconds) {
    Interruption interruption = new Interruption();
    Thread runner = Thread.currentThread();
    Thread hook = new Thread(() -> interruption.interrupt(runner, patienceSeconds));
    Runtime.getRuntime().addShutdownHook(hook);
    return interruption;
  }

  private void interrupt(Thread runner, long patienceSeconds) {
    if (over.getCount() == 0) {
      return;
    }
    runner.interrupt();
    try {
      if (!over.await(patienceSeconds, TimeUnit.SECONDS)) {
        Runtime.getRuntime().halt(Emulab.INTERRUPTED);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The run has come to its end by itself, or was interrupted. */
  void over() {
    over.countDown();
  }
}
