package dev.farshore.log.disk;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jctools.queues.varhandle.MpscBlockingConsumerVarHandleArrayQueue;

/**
 * The threads on which a {@link RealDisk} waits for its device, and the queue on which outcomes
 * come back.
 *
 * <pre>
 *   owner ──────submit──▶ data lane      ──▶ 3 threads ──┐
 *     ▲  ├─force of logs─▶ log lane       ──▶ 1 thread  ──┤
 *     │  └─other forces──▶ force lane     ──▶ 2 threads ──┤
 *     └───────────poll / await──────────── outcomes ◀─────┘
 * </pre>
 *
 * Forces have lanes of their own, so that a group commit does not wait behind reads, nor behind the
 * force of what a fold wrote. At most {@link #IN_FLIGHT} operations are with the threads, which
 * bounds every queue between threads; what the owner submits beyond that waits on the owner's side
 * until outcomes are polled.
 */
final class DiskThreads {

  static final int IN_FLIGHT = 256;

  /** What each thread serves. */
  private static final List<Lane> LANES =
      List.of(Lane.DATA, Lane.DATA, Lane.DATA, Lane.LOG_FORCE, Lane.OTHER_FORCE, Lane.OTHER_FORCE);

  private static final long CLOSE_SECONDS = 60;

  /** Where an operation waits for a thread. */
  enum Lane {
    DATA,
    LOG_FORCE,
    OTHER_FORCE
  }

  private record Job(RealFile.Operation operation, Completion completion, Lane lane) {
    static final Job STOP = new Job(null, null, Lane.DATA);
  }

  private record Outcome(Completion completion, IOException failure) {
    void tell() {
      if (failure == null) {
        completion.done();
      } else {
        completion.failed(failure);
      }
    }
  }

  private final Runnable wake;
  private final BlockingQueue<Job> data = new ArrayBlockingQueue<>(IN_FLIGHT + LANES.size());
  private final BlockingQueue<Job> logForces = new ArrayBlockingQueue<>(IN_FLIGHT + LANES.size());
  private final BlockingQueue<Job> otherForces = new ArrayBlockingQueue<>(IN_FLIGHT + LANES.size());
  private final MpscBlockingConsumerVarHandleArrayQueue<Outcome> outcomes =
      new MpscBlockingConsumerVarHandleArrayQueue<>(IN_FLIGHT);
  private final Deque<Job> waiting = new ArrayDeque<>();

  /** Of what is done already and needs no thread; on the owner's side. */
  private final Deque<Completion> finished = new ArrayDeque<>();

  private final List<Thread> threads = new ArrayList<>();
  private int inFlight;
  private volatile boolean closing;

  DiskThreads(String name, Runnable wake) {
    this.wake = wake;
    for (int i = 0; i < LANES.size(); i++) {
      BlockingQueue<Job> lane = queue(LANES.get(i));
      threads.add(
          Thread.ofPlatform().daemon().name("disk-" + name + "-" + i).start(() -> run(lane)));
    }
  }

  private BlockingQueue<Job> queue(Lane lane) {
    return switch (lane) {
      case DATA -> data;
      case LOG_FORCE -> logForces;
      case OTHER_FORCE -> otherForces;
    };
  }

  void submit(Lane lane, RealFile.Operation operation, Completion completion) {
    submit(new Job(operation, completion, lane));
  }

  private void submit(Job job) {
    if (closing) {
      job.completion().failed(closed());
    } else if (inFlight < IN_FLIGHT) {
      hand(job);
    } else {
      waiting.add(job);
    }
  }

  /** Something was done on the owner's thread: its completion runs with those that are due. */
  void finished(Completion completion) {
    finished.add(completion);
    if (finished.size() == 1) {
      wake.run();
    }
  }

  private void hand(Job job) {
    inFlight++;
    queue(job.lane()).add(job);
  }

  /** Runs the completions that are due; on the owner's thread. */
  int poll() {
    int ran = runFinished();
    Outcome outcome = outcomes.poll();
    while (outcome != null) {
      settle(outcome);
      ran++;
      // Bounded, even if completions keep submitting what completes at once.
      outcome = ran < IN_FLIGHT ? outcomes.poll() : null;
    }
    if (!finished.isEmpty()) {
      wake.run();
    }
    return ran;
  }

  /** Not those that are added meanwhile: the owner has other things to do in between. */
  private int runFinished() {
    int due = finished.size();
    for (int i = 0; i < due; i++) {
      finished.poll().done();
    }
    return due;
  }

  private void settle(Outcome outcome) {
    inFlight--;
    if (!waiting.isEmpty()) {
      hand(waiting.poll());
    }
    outcome.tell();
  }

  /** Waits for one completion, and runs those that are due. */
  int await() {
    if (inFlight == 0 || !finished.isEmpty()) {
      return poll();
    }
    settle(uninterrupted());
    return 1 + poll();
  }

  private Outcome uninterrupted() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return outcomes.take();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Lets what is running end, fails what has not begun, and ends the threads. */
  void close() {
    closing = true;
    while (!finished.isEmpty()) {
      finished.poll().done();
    }
    while (!waiting.isEmpty()) {
      waiting.poll().completion().failed(closed());
    }
    while (inFlight > 0) {
      settle(uninterrupted());
    }
    LANES.forEach(lane -> queue(lane).add(Job.STOP));
    join();
  }

  private void join() {
    boolean interrupted = false;
    for (Thread thread : threads) {
      try {
        thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(BlockingQueue<Job> lane) {
    try {
      for (Job job = lane.take(); job != Job.STOP; job = lane.take()) {
        outcomes.add(outcome(job));
        wake.run();
      }
    } catch (InterruptedException e) {
      // Nobody outside this class has these threads; inside, they are stopped by Job.STOP.
      throw new IllegalStateException("a disk thread was interrupted", e);
    }
  }

  private Outcome outcome(Job job) {
    if (closing) {
      return new Outcome(job.completion(), closed());
    }
    try {
      job.operation().run();
      return new Outcome(job.completion(), null);
    } catch (IOException e) {
      return new Outcome(job.completion(), e);
    }
  }

  private static IOException closed() {
    return new IOException("the disk was closed");
  }
}
