package dev.farshore.log.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.disk.Awaited;
import dev.farshore.log.disk.DiskFullException;
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

/** A store that is opened on a disk without room, again and again, and goes on when there is. */
class FullStartTest {
  private static final Epoch EPOCH = new Epoch(1, 1);
  private static final int BLOCK = 4096;

  private final SimulatedPlatter platter =
      new SimulatedPlatter(new SplittableRandom(3), DiskTiming.SOLID_STATE);
  private SimulatedDisk disk = platter.mount();
  private FoldingGroupStore store;
  private long now;
  private int written;

  private FileSegmentLogs logs() {
    return new FileSegmentLogs(
        disk, new LogSettings("log", 5, 1 << 20, 256 << 10, 1), new SplittableRandom(now));
  }

  private static GroupStoreSettings settings() {
    return new GroupStoreSettings(256 << 10, Duration.ofMillis(20), 1 << 20);
  }

  private void pass(long millis) {
    long end = now + millis * 1_000_000;
    while (now < end) {
      store.poll(now);
      now += 100_000;
    }
  }

  /** Writes until there is no room, and everything that was taken is forced. */
  private void fill() throws IOException {
    store = FoldingGroupStore.create(disk, logs(), settings(), now);
    store.append(List.of(new Change.VolumeCreate(1, "v", 64 << 20)), EPOCH, 0);
    pass(100);
    platter.setCapacity(platter.usedBytes());
    try {
      while (true) {
        write();
        pass(1);
      }
    } catch (DiskFullException expected) {
      assertTrue(written > 100, "wrote " + written);
    }
    store.log().requestForce();
    pass(500);
    assertEquals(store.log().last().lsn(), store.log().forced());
  }

  private void write() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(BLOCK).putInt(0, written + 1);
    store.append(List.of(new Change.Write(1, (long) written * BLOCK, data)), EPOCH, 0);
    written++;
  }

  private void assertHoldsAll() throws IOException {
    for (int i = 0; i < written; i++) {
      ByteBuffer data = ByteBuffer.allocate(BLOCK);
      Awaited read = new Awaited();
      store.read(1, (long) i * BLOCK, data, read);
      read.join(disk);
      assertEquals(i + 1, data.getInt(0), "block " + i);
    }
  }

  private void open() throws IOException {
    disk.close();
    disk = platter.mount();
    store = FoldingGroupStore.open(disk, logs(), settings(), now);
  }

  /** Ends the process; cleanly, by a kill, or by a power cut. */
  private void end(int how) throws IOException {
    switch (how % 3) {
      case 0 -> store.close();
      case 1 -> platter.processDeath();
      default -> platter.powerCut();
    }
  }

  @Test
  void itOpensOnAFullDiskAndGoesOnWhenThereIsRoom() throws IOException {
    fill();
    for (int start = 0; start < 7; start++) {
      end(start);
      open();
      assertHoldsAll();
      pass(700);
      assertTrue(store.failure().isEmpty(), () -> store.failure().toString());
      assertThrows(
          DiskFullException.class,
          () -> {
            for (int i = 0; i < 100; i++) {
              write();
              pass(1);
            }
          },
          "start " + start);
      store.log().requestForce();
      pass(200);
    }
    platter.setCapacity(Long.MAX_VALUE);
    pass(6000);
    for (int i = 0; i < 50; i++) {
      write();
    }
    store.log().requestForce();
    pass(200);
    assertEquals(store.log().last().lsn(), store.log().forced());
    assertHoldsAll();
    end(2);
    open();
    assertHoldsAll();
    store.close();
  }
}
