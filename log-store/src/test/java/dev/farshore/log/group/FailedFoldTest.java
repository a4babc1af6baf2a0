package dev.farshore.log.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.disk.DiskFaults.Call;
import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.disk.SimulatedDisk;
import dev.farshore.log.disk.SimulatedPlatter;
import dev.farshore.log.file.FileSegmentLogs;
import dev.farshore.log.file.LogSettings;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A disk that fails under a fold has failed for the log too, though its files are others. */
class FailedFoldTest {
  private static final Epoch EPOCH = new Epoch(1, 1);
  private static final long VOLUME_BYTES = 1 << 20;
  private static final long STEP_NANOS = 20_000;

  private SimulatedPlatter platter;
  private SimulatedDisk disk;
  private FoldingGroupStore store;
  private long now;

  private FileSegmentLogs logs() {
    return new FileSegmentLogs(
        disk, new LogSettings("log", 5, 1 << 20, 1 << 20, 1), new SplittableRandom(4));
  }

  private static GroupStoreSettings settings() {
    return new GroupStoreSettings(64 << 10, Duration.ofMillis(2), 1 << 20);
  }

  private void begin() throws IOException {
    platter = new SimulatedPlatter(new SplittableRandom(3), DiskTiming.SOLID_STATE);
    disk = platter.mount();
    store = FoldingGroupStore.create(disk, logs(), settings(), now);
    store.append(List.of(new Change.VolumeCreate(1, "v", VOLUME_BYTES)), EPOCH, 0);
    for (int i = 0; i < 20; i++) {
      write(i);
    }
    store.log().requestForce();
    while (store.log().forced() < store.log().last().lsn()) {
      poll();
    }
  }

  private void write(int block) throws IOException {
    ByteBuffer data = ByteBuffer.allocate(4096).putInt(0, block + 1);
    store.append(List.of(new Change.Write(1, block * 8192L, data)), EPOCH, 0);
  }

  private void poll() {
    store.poll(now);
    now += STEP_NANOS;
  }

  /** A fold forces its intent, its blocks, their sums and its end: each of these fails once. */
  @Test
  void theLogAcknowledgesNothingAfterAForceOfTheFoldHasFailed() throws IOException {
    boolean everyForce = false;
    for (int force = 1; !everyForce; force++) {
      begin();
      store.allowFold(store.log().forced());
      platter.faults().failOnce(EnumSet.of(Call.FORCE), force);
      for (int i = 0; i < 2000 && store.failure().isEmpty(); i++) {
        poll();
      }
      everyForce = platter.faults().failures() == 0;
      if (!everyForce) {
        assertAcknowledgesNothing(force);
        assertHoldsWhatWasForced();
      } else {
        assertTrue(force > 4, "only " + (force - 1) + " forces failed");
        assertEquals(store.log().forced(), store.folded().lsn());
        platter.faults().heal();
        store.close();
      }
    }
  }

  private void assertAcknowledgesNothing(int force) {
    assertTrue(store.failure().isPresent(), "force " + force + " failed unseen");
    assertSame(store.failure().get(), store.log().failure().orElseThrow());
    long appended = store.log().appended();
    long forced = store.log().forced();
    assertThrows(IOException.class, () -> write(30));
    store.log().requestForce();
    for (int i = 0; i < 2000; i++) {
      poll();
    }
    assertEquals(appended, store.log().appended(), "force " + force);
    assertEquals(forced, store.log().forced(), "force " + force);
  }

  private void assertHoldsWhatWasForced() throws IOException {
    long forced = store.log().forced();
    store.close();
    disk.close();
    platter.powerCut();
    disk = platter.mount();
    store = FoldingGroupStore.open(disk, logs(), settings(), now);
    assertTrue(store.log().last().lsn() >= forced);
    assertEquals(1, store.volumes().size());
    store.close();
  }

  /** What the log had under way when the fold failed is not believed when it succeeds later. */
  @Test
  void aForceThatWasUnderWayIsNotBelieved() throws IOException {
    begin();
    long forced = store.log().forced();
    write(21);
    store.log().requestForce();
    store.poll(now);
    store.log().poison(new IOException("another file's force failed"));
    for (int i = 0; i < 2000; i++) {
      poll();
    }
    assertEquals(forced, store.log().forced());
    store.close();
  }

  /** Opening it again must not take the failed log for one that was closed cleanly. */
  @Test
  void aPoisonedLogIsNotMarkedAsClosedCleanly() throws IOException {
    begin();
    store.log().poison(new IOException("another file's force failed"));
    store.close();
    disk.close();
    disk = platter.mount();
    store = FoldingGroupStore.open(disk, logs(), settings(), now);
    assertTrue(!store.log().recovery().clean(), "the page cache may lie");
    store.close();
  }
}
