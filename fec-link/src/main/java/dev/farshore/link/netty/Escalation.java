package dev.farshore.link.netty;

import io.netty.channel.EventLoop;

/**
 * Lets what our own code throws on an event loop reach the loop thread's uncaught exception
 * handler, which ends the process. Netty itself would log it and go on.
 */
public final class Escalation {

  private Escalation() {}

  /** Something was thrown on this thread that nobody expected. */
  public static void escalate(Throwable thrown) {
    Thread thread = Thread.currentThread();
    thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
  }

  /** The same task, for a loop to run. */
  public static Runnable escalating(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        escalate(e);
      }
    };
  }

  /** Runs a task on the loop, after what runs on it now. */
  public static void later(EventLoop loop, Runnable task) {
    loop.execute(escalating(task));
  }
}
