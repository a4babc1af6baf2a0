package dev.farshore.tests.bench;

import dev.farshore.log.SegmentLog;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A store of Farshore's log, driven as its owner thread drives it. */
final class SegmentLogLoop implements Contender {
  private static final Epoch EPOCH = new Epoch(1, 1);

  private final String name;
  private final SegmentLog log;
  private final Waker waker;
  private final Closeable below;
  private final ByteBuffer record;

  /**
   * @param waker what the log's disk wakes
   * @param below closed after the log
   */
  SegmentLogLoop(String name, SegmentLog log, Waker waker, Closeable below, int recordBytes) {
    this.name = name;
    this.log = log;
    this.waker = waker;
    this.below = below;
    this.record = Payload.of(recordBytes);
  }

  /** Lets the owner sleep until its disk has something for it. */
  static final class Waker implements Runnable {
    private volatile Thread owner;
    private volatile boolean woken;

    @Override
    public void run() {
      woken = true;
      LockSupport.unpark(owner);
    }

    void sleep() {
      owner = Thread.currentThread();
      while (!woken) {
        LockSupport.park(this);
      }
      woken = false;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void append(int records, int perTurn) throws IOException {
    for (int done = 0; done < records; done += perTurn) {
      stage(Math.min(perTurn, records - done));
      pollUntilIdle();
    }
    while (log.appended() < log.last().lsn()) {
      waker.sleep();
      pollUntilIdle();
    }
  }

  private void stage(int records) throws IOException {
    for (int i = 0; i < records; i++) {
      log.append(List.of(new Change.Write(1, 4096L * i, record.duplicate())), EPOCH, 0);
    }
  }

  private void pollUntilIdle() throws IOException {
    while (log.poll(System.nanoTime())) {
      Thread.onSpinWait();
    }
    if (log.failure().isPresent()) {
      throw log.failure().get();
    }
  }

  @Override
  public void groupCommit(int writers, int turns) throws IOException {
    for (int turn = 0; turn < turns; turn++) {
      stage(writers);
      force();
    }
  }

  private void force() throws IOException {
    long wanted = log.last().lsn();
    log.requestForce();
    pollUntilIdle();
    while (log.forced() < wanted) {
      waker.sleep();
      pollUntilIdle();
    }
  }

  @Override
  public void settle() throws IOException {
    force();
    log.free(log.last().lsn() + 1);
    pollUntilIdle();
  }

  @Override
  public void close() throws IOException {
    log.close();
    below.close();
  }
}
