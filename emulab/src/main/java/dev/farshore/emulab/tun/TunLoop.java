package dev.farshore.emulab.tun;

import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The thread that keeps paths moving. It waits in {@code ppoll}, which counts nanoseconds, until a
 * packet comes, one is due, or somebody has a question.
 */
final class TunLoop {

  private static final int QUESTIONS = 64;

  /** So many in one round, and more are close behind. */
  private static final int MANY_PACKETS = 3;

  /** So many in one round, and there is no time to rest. */
  private static final int MOST_PACKETS = 60;

  /**
   * To be woken for each packet of a stream would cost more than to move it: without this a gigabit
   * of TCP took 60 % more processor time and did not fill the link. What a stream is late by this
   * is a sixth of what a delay may be off.
   */
  private static final long REST_NANOS = 50_000;

  /** A virtual machine that sleeps may need so long to wake. */
  private static final long EARLY_NANOS = 300_000;

  /** Of how much time one part may be spent waiting awake, so that others have the processor. */
  private static final long AWAKE_ONE_IN = 8;

  private static final long MOST_CREDIT = 2_000_000;

  private final SystemCalls calls = new SystemCalls();
  private final ArrayBlockingQueue<FutureTask<?>> questions = new ArrayBlockingQueue<>(QUESTIONS);
  private final List<TunPath> paths;
  private final MemorySegment polled;
  private final MemorySegment wakeUpOnly;
  private final int wakeUp;
  private final Consumer<UncheckedIOException> lost;
  private final Thread thread;
  private volatile boolean ending;
  private long lastNanos;

  /** How long it may still wait awake, in nanoseconds. */
  private long credit;

  private boolean awake;

  /**
   * @param paths made with the system calls that it is given; they belong to the loop
   * @param lost told on the loop's thread if a device is taken away; nothing moves after that
   */
  TunLoop(
      String name,
      Function<SystemCalls, List<TunPath>> paths,
      Consumer<UncheckedIOException> lost) {
    this.paths = paths.apply(calls);
    this.lost = lost;
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
    wakeUpOnly = polled.asSlice(watched * SystemCalls.POLL_BYTES);
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
    int signalled = new SystemCalls().signal(wakeUp, 1);
    if (signalled < 0 && signalled != SystemCalls.TRY_AGAIN) {
      throw new IllegalStateException("The loop cannot be woken: error " + -signalled);
    }
  }

  /** Ends the thread, if it was started; nothing may be asked after this. */
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
    // It keeps time for what shares the processors with it.
    calls.goAhead();
    lastNanos = System.nanoTime();
    try {
      while (!ending) {
        int moved = 0;
        for (int i = 0; i < paths.size(); i++) {
          moved += paths.get(i).step();
        }
        if (moved < MANY_PACKETS || moved > MOST_PACKETS) {
          await();
        } else {
          rest();
        }
      }
    } catch (UncheckedIOException e) {
      lost.accept(e);
      answerOnly();
    }
  }

  private void answerOnly() {
    while (!ending) {
      calls.poll(wakeUpOnly, Long.MAX_VALUE);
      calls.takeSignal(wakeUp);
      answer();
    }
  }

  /** A short time whatever comes or is due, so that there are several packets to move after it. */
  private void rest() {
    if (calls.poll(wakeUpOnly, REST_NANOS) > 0) {
      calls.takeSignal(wakeUp);
    }
    everythingReadable();
    answer();
  }

  private void await() {
    long nowNanos = System.nanoTime();
    payForWaking(nowNanos);
    long waitNanos = waitNanos(nowNanos);
    if (waitNanos != Long.MAX_VALUE && credit > 0) {
      // Wakes before it is time, and waits for the rest of it awake.
      waitNanos = Math.max(0, waitNanos - EARLY_NANOS);
      awake = waitNanos == 0;
    }
    if (waitNanos == 0) {
      // No time to ask what can be read: the paths find out for themselves.
      everythingReadable();
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

  private void payForWaking(long nowNanos) {
    long passedNanos = nowNanos - lastNanos;
    lastNanos = nowNanos;
    credit =
        awake ? credit - passedNanos : Math.min(MOST_CREDIT, credit + passedNanos / AWAKE_ONE_IN);
    awake = false;
  }

  private void everythingReadable() {
    for (int i = 0; i < paths.size(); i++) {
      paths.get(i).readable();
    }
  }

  /** Until something is due; {@code Long.MAX_VALUE} if nothing is. */
  private long waitNanos(long nowNanos) {
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
