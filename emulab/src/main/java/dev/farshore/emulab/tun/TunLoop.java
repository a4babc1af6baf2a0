package dev.farshore.emulab.tun;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

/**
 * The thread that keeps paths moving. It waits in {@code ppoll}, which counts nanoseconds, until a
 * packet comes, one is due, or somebody has a question.
 */
final class TunLoop {

  private static final int QUESTIONS = 64;

  private final SystemCalls calls = new SystemCalls();
  private final ArrayBlockingQueue<FutureTask<?>> questions = new ArrayBlockingQueue<>(QUESTIONS);
  private final List<TunPath> paths;
  private final MemorySegment polled;
  private final int wakeUp;
  private final Thread thread;
  private volatile boolean ending;

  /**
   * @param paths made with the system calls that it is given; they belong to the loop
   */
  TunLoop(String name, Function<SystemCalls, List<TunPath>> paths) {
    this.paths = paths.apply(calls);
    wakeUp = calls.eventDescriptor();
    if (wakeUp < 0) {
      throw new IllegalStateException("No event descriptor: error " + -wakeUp);
    }
    int watched = this.paths.size();
    polled = Arena.ofAuto().allocate((watched + 1) * SystemCalls.POLL_BYTES, Long.BYTES);
    for (int i = 0; i < watched; i++) {
      SystemCalls.watch(polled, i, this.paths.get(i).sourceDescriptor());
    }
    SystemCalls.watch(polled, watched, wakeUp);
    thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Asks on the loop's thread. */
  <T> T ask(Callable<T> question) {
    FutureTask<T> task = new FutureTask<>(question);
    try {
      questions.put(task);
      wake();
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the link was asked", e);
    }
  }

  private void wake() {
    int signalled = new SystemCalls().signal(wakeUp);
    if (signalled < 0 && signalled != SystemCalls.TRY_AGAIN) {
      throw new IllegalStateException("The loop cannot be woken: error " + -signalled);
    }
  }

  /** Ends the thread; nothing may be asked after this. */
  void end() {
    ending = true;
    wake();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    new SystemCalls().close(wakeUp);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    calls.exactTimeouts();
    while (!ending) {
      for (int i = 0; i < paths.size(); i++) {
        paths.get(i).step();
      }
      await();
    }
  }

  private void await() {
    long waitNanos = waitNanos();
    if (waitNanos == 0) {
      // No time to ask what can be read: the paths find out for themselves.
      for (int i = 0; i < paths.size(); i++) {
        paths.get(i).readable();
      }
      answer();
      return;
    }
    int ready = calls.poll(polled, waitNanos);
    if (ready < 0 && ready != SystemCalls.INTERRUPTED) {
      throw new IllegalStateException("The devices cannot be watched: error " + -ready);
    }
    if (ready > 0) {
      for (int i = 0; i < paths.size(); i++) {
        if (SystemCalls.isReady(polled, i)) {
          paths.get(i).readable();
        }
      }
      if (SystemCalls.isReady(polled, paths.size())) {
        calls.takeSignal(wakeUp);
      }
    }
    answer();
  }

  /** Until something is due; {@code Long.MAX_VALUE} if nothing is. */
  private long waitNanos() {
    long nowNanos = System.nanoTime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < paths.size(); i++) {
      TunPath path = paths.get(i);
      if (path.isReadable()) {
        return 0;
      }
      long dueNanos = path.nextNanos();
      if (dueNanos != Long.MAX_VALUE) {
        least = Math.min(least, Math.max(0, dueNanos - nowNanos));
      }
    }
    return least;
  }

  private void answer() {
    for (FutureTask<?> question = questions.poll(); question != null; question = questions.poll()) {
      question.run();
    }
  }
}
