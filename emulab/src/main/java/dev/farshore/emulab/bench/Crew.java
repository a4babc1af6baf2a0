package dev.farshore.emulab.bench;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The threads of runs that go on beside each other: each run has one for itself, and what it gave
 * passes to the thread that takes it. All methods are for that one thread.
 *
 * @param <T> what a run gives
 */
final class Crew<T> implements AutoCloseable {

  private final ExecutorService threads;
  private final CompletionService<T> runs;
  private final boolean patient;
  private int busy;

  /**
   * @param size how many runs there may be at a time
   * @param patient whether {@link #close} waits until runs that were interrupted have ended. Those
   *     that hold nothing but memory need not be waited for
   */
  Crew(int size, boolean patient) {
    this.patient = patient;
    threads =
        Executors.newFixedThreadPool(size, Thread.ofPlatform().daemon().name("run-", 1).factory());
    runs = new ExecutorCompletionService<>(threads);
  }

  /** How many have begun and were not taken yet. */
  int busy() {
    return busy;
  }

  void begin(Callable<T> run) {
    busy++;
    runs.submit(run);
  }

  /** Waits for one that has ended. An exception that ended it goes on here. */
  T take() throws InterruptedException {
    try {
      T ended = runs.take().get();
      busy--;
      return ended;
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Error error -> throw error;
        case RuntimeException fault -> throw fault;
        case InterruptedException interruption -> throw interruption;
        default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  /** Interrupts what has not ended. */
  @Override
  public void close() {
    threads.shutdownNow();
    boolean interrupted = false;
    boolean waiting = patient;
    while (waiting) {
      try {
        waiting = !threads.awaitTermination(1, TimeUnit.HOURS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
