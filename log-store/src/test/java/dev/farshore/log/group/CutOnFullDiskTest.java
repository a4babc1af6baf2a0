package dev.farshore.log.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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

/** A log that has to be cut while a fold waits for room on the disk. */
class CutOnFullDiskTest {
  private static final Epoch EPOCH = new Epoch(1, 1);
  private static final int WRITES = 40;

  private final SimulatedPlatter platter =
      new SimulatedPlatter(new SplittableRandom(3), DiskTiming.SOLID_STATE);
  private final SimulatedDisk disk = platter.mount();
  private long now;

  @Test
  void itIsRefusedAndDoneWhenThereIsRoomAgain() throws IOException {
    FoldingGroupStore store =
        FoldingGroupStore.create(
            disk,
            new FileSegmentLogs(
                disk, new LogSettings("log", 5, 1 << 20, 1 << 20, 1), new SplittableRandom(4)),
            new GroupStoreSettings(64 << 10, Duration.ofMillis(20), 1 << 20),
            0);
    store.append(List.of(new Change.VolumeCreate(1, "v", 1 << 20)), EPOCH, 0);
    for (int i = 0; i < WRITES; i++) {
      ByteBuffer data = ByteBuffer.allocate(4096);
      store.append(List.of(new Change.Write(1, i * 8192L, data)), EPOCH, 0);
    }
    store.log().requestForce();
    pass(store, 100);
    long end = store.log().last().lsn();
    assertEquals(end, store.log().forced());
    platter.setCapacity(platter.usedBytes());
    store.allowFold(end - 5);
    pass(store, 1000);
    assertTrue(store.foldProgress().stalled().isPresent(), "the fold found no room");

    assertThrows(IOException.class, () -> store.cut(end - 2, "aside"));
    assertEquals(end, store.log().last().lsn());

    platter.setCapacity(Long.MAX_VALUE);
    pass(store, 30_000);
    assertEquals(end - 2, store.cut(end - 2, "aside").lsn());
    store.close();
  }

  private void pass(FoldingGroupStore store, long millis) {
    long end = now + millis * 1_000_000;
    while (now < end) {
      store.poll(now);
      now += 100_000;
    }
  }
}
