package dev.farshore.log.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A store knows of a degraded span that is open, wherever its begin has gone. */
class OpenSpanTest {
  private static final Epoch EPOCH = new Epoch(1, 1);

  private final SimulatedPlatter platter =
      new SimulatedPlatter(new SplittableRandom(3), DiskTiming.SOLID_STATE);
  private SimulatedDisk disk = platter.mount();
  private FoldingGroupStore store;
  private long now;

  private FileSegmentLogs logs() {
    return new FileSegmentLogs(
        disk, new LogSettings("log", 5, 64 << 10, 16 << 10, 1), new SplittableRandom(4));
  }

  private static GroupStoreSettings settings() {
    return new GroupStoreSettings(16 << 10, Duration.ofMillis(2), 1 << 20);
  }

  private void create() throws IOException {
    store = FoldingGroupStore.create(disk, logs(), settings(), now);
    append(new Change.VolumeCreate(1, "v", 1 << 20));
    assertFalse(store.inDegradedSpan());
  }

  private void append(Change change) throws IOException {
    store.append(List.of(change), EPOCH, 0);
  }

  private void write(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      append(new Change.Write(1, i * 4096L, ByteBuffer.allocate(4096)));
      pass(1);
    }
  }

  private void pass(int polls) {
    for (int i = 0; i < polls; i++) {
      store.poll(now);
      now += 100_000;
    }
  }

  private void force() {
    store.log().requestForce();
    while (store.log().forced() < store.log().last().lsn()) {
      pass(1);
    }
  }

  private void foldAndFree() {
    force();
    long end = store.log().last().lsn();
    store.allowFold(end);
    store.retainFrom(end + 1);
    for (int i = 0; i < 20_000 && store.folded().lsn() < end; i++) {
      pass(1);
    }
    pass(1000);
    assertEquals(end, store.folded().lsn());
  }

  private void reopen() throws IOException {
    disk.close();
    disk = platter.mount();
    store = FoldingGroupStore.open(disk, logs(), settings(), now);
  }

  @Test
  void aSpanWhoseBeginIsStillInTheLogIsOpenAfterARestart() throws IOException {
    create();
    append(new Change.DegradedSpan(false));
    assertTrue(store.inDegradedSpan());
    force();
    platter.powerCut();
    reopen();
    assertTrue(store.inDegradedSpan());
    append(new Change.DegradedSpan(true));
    assertFalse(store.inDegradedSpan());
    store.close();
    reopen();
    assertFalse(store.inDegradedSpan());
    store.close();
  }

  @Test
  void aSpanWhoseBeginHasBeenFreedIsOpenAfterARestart() throws IOException {
    create();
    append(new Change.DegradedSpan(false));
    long begin = store.log().last().lsn();
    write(100);
    foldAndFree();
    assertTrue(store.log().first() > begin, "the begin is still in the log");
    store.close();
    reopen();
    assertTrue(store.inDegradedSpan());
    append(new Change.DegradedSpan(true));
    write(100);
    foldAndFree();
    store.close();
    reopen();
    assertFalse(store.inDegradedSpan());
    store.close();
  }

  @Test
  void aCutTakesItsEndsAway() throws IOException {
    create();
    append(new Change.DegradedSpan(false));
    long begin = store.log().last().lsn();
    append(new Change.DegradedSpan(true));
    store.cut(begin, "one");
    assertTrue(store.inDegradedSpan());
    store.cut(begin - 1, "two");
    assertFalse(store.inDegradedSpan());
    store.close();
  }
}
