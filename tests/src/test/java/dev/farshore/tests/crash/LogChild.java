package dev.farshore.tests.crash;

import dev.farshore.log.SegmentLog;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Appends to a log, forces, frees and cuts it at random, until it is killed or has done what it was
 * to do. Says:
 *
 * <pre>
 *   starting
 *   opened LSN CHAIN SYNCED     what recovery found
 *   appended LSN CHAIN          the end of an append; survives this process
 *   forced LSN
 *   cutting LSN / cut LSN CHAIN
 *   failed TEXT                 the log is poisoned; what is said after this must be nothing more
 *   closed LSN
 *   refused TEXT                the log could not be opened
 * </pre>
 */
final class LogChild {
  private static final Epoch EPOCH = new Epoch(1, 1);
  private static final int LONGEST_PAYLOAD = 150_000;
  private static final int RECORDS_KEPT = 1500;

  private final Voice voice = new Voice();
  private final long seed;
  private final SplittableRandom random;
  private final SegmentLog log;
  private final boolean cuts;
  private long saidAppended;
  private long saidForced;
  private boolean saidFailed;

  private LogChild(SegmentLog log, long seed, boolean cuts) {
    this.log = log;
    this.seed = seed;
    this.cuts = cuts;
    this.random = new SplittableRandom(seed);
    this.saidAppended = log.appended();
    this.saidForced = log.forced();
  }

  /**
   * @param arguments kind of store, directory, seed, number of operations, whether it may cut
   */
  public static void main(String[] arguments) throws IOException {
    new Voice().say("starting");
    StoreKind kind = StoreKind.valueOf(arguments[0]);
    Thread owner = Thread.currentThread();
    Optional<StoreKind.Opened> opened =
        opened(kind, Path.of(arguments[1]), () -> LockSupport.unpark(owner));
    if (opened.isPresent()) {
      try (StoreKind.Opened store = opened.get()) {
        new LogChild(store.log(), Long.parseLong(arguments[2]), Boolean.parseBoolean(arguments[4]))
            .run(Integer.parseInt(arguments[3]));
      }
    }
  }

  private static Optional<StoreKind.Opened> opened(StoreKind kind, Path directory, Runnable wake)
      throws IOException {
    try {
      return Optional.of(kind.open(directory, wake));
    } catch (IOException e) {
      new Voice().say("refused " + e.toString().replace('\n', ' '));
      return Optional.empty();
    }
  }

  private void run(int operations) throws IOException {
    LogPosition position = log.recovery().position();
    voice.say(
        "opened " + position.lsn() + " " + position.chain() + " " + log.recovery().syncedLsn());
    for (int i = 0; i < operations; i++) {
      step(random.nextInt(1000));
      log.poll(System.nanoTime());
      report();
    }
    if (log.failure().isEmpty()) {
      awaitForce();
      log.close();
      voice.say("closed " + log.last().lsn());
    }
  }

  private void step(int choice) throws IOException {
    if (choice < 700) {
      append();
    } else if (choice < 850) {
      log.requestForce();
    } else if (choice < 880) {
      awaitForce();
    } else if (choice < 920) {
      log.free(log.forced() - RECORDS_KEPT + random.nextInt(RECORDS_KEPT / 2));
    } else if (choice < 922 && cuts) {
      cut();
    }
  }

  private void append() throws IOException {
    List<Change> changes = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      changes.add(change(log.last().lsn() + 1 + i));
    }
    try {
      log.append(changes, EPOCH, 0);
    } catch (IOException e) {
      if (log.failure().isEmpty()) {
        throw e;
      }
    }
  }

  private Change change(long lsn) {
    if (random.nextInt(10) == 0) {
      return new Change.Trim(1, random.nextInt(1 << 20), 1 + random.nextInt(1 << 20));
    }
    int length =
        random.nextInt(20) == 0
            ? Payloads.SHORTEST + random.nextInt(LONGEST_PAYLOAD)
            : Payloads.SHORTEST + random.nextInt(9000);
    return new Change.Write(1, random.nextInt(1 << 30), Payloads.of(seed, lsn, length));
  }

  private void awaitForce() throws IOException {
    log.requestForce();
    long wanted = log.last().lsn();
    while (log.forced() < wanted && log.failure().isEmpty()) {
      if (!log.poll(System.nanoTime())) {
        LockSupport.parkNanos(1_000_000);
      }
    }
    report();
  }

  private void cut() throws IOException {
    if (log.failure().isPresent()) {
      return;
    }
    long at = Math.max(log.first() - 1, log.last().lsn() - random.nextInt(60));
    voice.say("cutting " + at);
    LogPosition end = log.cut(at, "aside");
    saidAppended = end.lsn();
    saidForced = end.lsn();
    voice.say("cut " + end.lsn() + " " + end.chain());
  }

  private void report() throws IOException {
    long appended = log.appended();
    if (appended > saidAppended) {
      voice.say("appended " + appended + " " + log.positionAt(appended).orElseThrow().chain());
      saidAppended = appended;
    }
    long forced = log.forced();
    if (forced > saidForced) {
      voice.say("forced " + forced);
      saidForced = forced;
    }
    if (log.failure().isPresent() && !saidFailed) {
      voice.say("failed " + log.failure().get().toString().replace('\n', ' '));
      saidFailed = true;
    }
  }
}
