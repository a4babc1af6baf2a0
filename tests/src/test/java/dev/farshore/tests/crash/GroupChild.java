package dev.farshore.tests.crash;

import dev.farshore.log.group.FoldingGroupStore;
import dev.farshore.log.group.VolumeInfo;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes to the volumes of a group's store, forces, folds, frees, cuts and replaces its images at
 * random, until it is killed or has done what it was to do. Says:
 *
 * <pre>
 *   starting
 *   opened LSN                  where recovery ended
 *   change LSN LAST CHANGE      about to be appended; LAST ends its append; as {@link Step} has it
 *   appended LSN                survives this process
 *   forced LSN
 *   cutting LSN / cut LSN
 *   folded LSN                  so far the images hold
 *   replaced LSN                the images were copied and replaced, and the log began anew
 *   gave-up TEXT                a cut or a replacement; the log is as it was
 *   failed TEXT                 the log or a fold has failed: nothing more is acknowledged
 *   closed LSN
 *   refused TEXT                the store could not be opened
 * </pre>
 */
final class GroupChild {
  private static final Epoch EPOCH = new Epoch(1, 1);
  private static final int VOLUMES = 3;
  private static final int VOLUME_BYTES = 1 << 20;

  private final Voice voice = new Voice();
  private final SplittableRandom random;
  private final GroupOnDisk group;
  private final FoldingGroupStore store;
  private final long opened;
  private long allowed;
  private long saidAppended;
  private long saidForced;
  private long saidFolded;
  private boolean saidFailed;
  private int asides;

  private GroupChild(GroupOnDisk group, long seed) {
    this.group = group;
    this.store = group.store();
    this.random = new SplittableRandom(seed);
    this.opened = store.log().last().lsn();
    this.saidAppended = opened;
    this.saidForced = opened;
    this.allowed = store.folded().lsn();
    this.saidFolded = allowed;
  }

  /**
   * @param arguments directory, seed, number of operations
   */
  public static void main(String[] arguments) throws IOException {
    Voice voice = new Voice();
    voice.say("starting");
    Thread owner = Thread.currentThread();
    GroupOnDisk group;
    try {
      group = GroupOnDisk.open(Path.of(arguments[0]), () -> LockSupport.unpark(owner));
    } catch (IOException e) {
      voice.say("refused " + e.toString().replace('\n', ' '));
      return;
    }
    new GroupChild(group, Long.parseLong(arguments[1])).run(Integer.parseInt(arguments[2]));
  }

  private void run(int operations) throws IOException {
    voice.say("opened " + opened);
    for (int i = 0; i < operations; i++) {
      if (store.failure().isEmpty()) {
        step(random.nextInt(1000));
      } else {
        // It goes on asking for what it must not be told.
        store.log().requestForce();
      }
      poll();
    }
    if (store.failure().isEmpty()) {
      awaitForce();
      store.close();
      voice.say("closed " + store.log().last().lsn());
      group.disk().close();
    }
  }

  private void step(int choice) throws IOException {
    if (choice < 700) {
      append();
    } else if (choice < 820) {
      store.log().requestForce();
    } else if (choice < 840) {
      awaitForce();
    } else if (choice < 940) {
      allowed = Math.max(allowed, store.log().forced() - random.nextInt(40));
      store.allowFold(allowed);
      store.retainFrom(store.folded().lsn() - random.nextInt(100));
    } else if (choice < 945) {
      cut();
    } else if (choice < 948) {
      replace();
    }
  }

  private void append() throws IOException {
    long lsn = store.log().last().lsn();
    List<Step> steps = new ArrayList<>();
    List<VolumeInfo> volumes = store.volumes();
    int count = volumes.size() < VOLUMES ? 1 : 1 + random.nextInt(3);
    for (int i = 1; i <= count; i++) {
      steps.add(
          volumes.size() < VOLUMES
              ? new Step.Create(store.nextVolumeNumber(), VOLUME_BYTES)
              : Step.random(random, volumes.get(random.nextInt(VOLUMES)), i == count));
      voice.say("change " + (lsn + i) + " " + (i == count) + " " + steps.getLast().line());
    }
    List<Change> changes = new ArrayList<>();
    for (Step step : steps) {
      changes.add(step.change(lsn + changes.size() + 1));
    }
    try {
      store.append(changes, EPOCH, 0);
    } catch (IOException e) {
      if (store.failure().isEmpty()) {
        throw e;
      }
    }
  }

  private void awaitForce() throws IOException {
    store.log().requestForce();
    long wanted = store.log().last().lsn();
    while (store.log().forced() < wanted && store.failure().isEmpty()) {
      poll();
    }
  }

  private void poll() throws IOException {
    if (!store.poll(System.nanoTime())) {
      LockSupport.parkNanos(200_000);
    }
    report();
  }

  /** Not below what may be folded, nor below where it was opened: that is what the parent knows. */
  private void cut() throws IOException {
    long lowest = Math.max(allowed, opened);
    long at = Math.max(lowest, store.log().last().lsn() - random.nextInt(20));
    voice.say("cutting " + at);
    try {
      long end = store.cut(at, "cut").lsn();
      saidAppended = end;
      saidForced = end;
      voice.say("cut " + end);
    } catch (IOException e) {
      gaveUp(e);
    }
  }

  /** What failed has left the log as it was, or the log says that it has failed. */
  private void gaveUp(IOException cause) throws IOException {
    if (store.log().failure().isEmpty()) {
      voice.say("gave-up " + cause.toString().replace('\n', ' '));
    }
    report();
  }

  /** Folds everything, and gives the store a copy of its own images. */
  private void replace() throws IOException {
    awaitForce();
    allowed = store.log().last().lsn();
    store.allowFold(allowed);
    while (store.folded().lsn() < allowed && store.failure().isEmpty()) {
      poll();
    }
    if (store.failure().isPresent()) {
      return;
    }
    try {
      new ImageCopy(group).run("replaced-" + asides++);
      saidAppended = store.log().last().lsn();
      saidForced = saidAppended;
      voice.say("replaced " + saidAppended);
    } catch (IOException e) {
      gaveUp(e);
    }
  }

  private void report() throws IOException {
    if (store.log().appended() > saidAppended) {
      saidAppended = store.log().appended();
      voice.say("appended " + saidAppended);
    }
    if (store.log().forced() > saidForced) {
      saidForced = store.log().forced();
      voice.say("forced " + saidForced);
    }
    if (store.folded().lsn() > saidFolded) {
      saidFolded = store.folded().lsn();
      voice.say("folded " + saidFolded);
    }
    if (store.failure().isPresent() && !saidFailed) {
      voice.say("failed " + store.failure().get().toString().replace('\n', ' '));
      saidFailed = true;
    }
  }
}
