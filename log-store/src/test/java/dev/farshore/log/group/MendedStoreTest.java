package dev.farshore.log.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.LogCursor;
import dev.farshore.log.LogDamagedException;
import dev.farshore.log.SegmentLog.MendOutcome;
import dev.farshore.log.disk.Awaited;
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
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records that the disk has lost before they were folded, and that another site gives back. */
class MendedStoreTest {
  private static final Epoch EPOCH = new Epoch(1, 1, 0);
  private static final int BLOCKS = 200;
  private static final long STEP_NANOS = 100_000;

  private final TreeMap<Long, ByteBuffer> elsewhere = new TreeMap<>();
  private SimulatedPlatter platter;
  private SimulatedDisk disk;
  private FoldingGroupStore store;
  private long now;

  private FileSegmentLogs logs() {
    return new FileSegmentLogs(
        disk, new LogSettings("log", 5, 128 << 10, 64 << 10, 1), new SplittableRandom(4));
  }

  private static GroupStoreSettings settings() {
    return new GroupStoreSettings(64 << 10, Duration.ofMillis(2), 1 << 20);
  }

  /** Most of the log is on disk only, and another site holds all of it. */
  @BeforeEach
  void begin() throws IOException {
    platter = new SimulatedPlatter(new SplittableRandom(3), DiskTiming.SOLID_STATE);
    disk = platter.mount();
    store = FoldingGroupStore.create(disk, logs(), settings(), now);
    store.append(List.of(new Change.VolumeCreate(1, "v", BLOCKS * 4096L)), EPOCH, 0);
    for (int i = 0; i < BLOCKS; i += 2) {
      store.append(List.of(write(i), write(i + 1)), EPOCH, 0);
      poll(5);
    }
    store.log().requestForce();
    while (store.log().forced() < store.log().last().lsn()) {
      poll(1);
    }
    try (LogCursor cursor = store.log().cursor(1)) {
      while (cursor.lsn() <= store.log().last().lsn()) {
        ByteBuffer record = cursor.next();
        if (record != null) {
          long lsn = cursor.lsn() - 1;
          elsewhere.put(lsn, ByteBuffer.allocate(record.remaining()).put(record).flip());
        }
        poll(1);
      }
    }
  }

  private static Change write(int block) {
    return new Change.Write(1, block * 4096L, ByteBuffer.allocate(4096).putInt(0, block + 1));
  }

  private void poll(int times) {
    for (int i = 0; i < times; i++) {
      store.poll(now);
      now += STEP_NANOS;
    }
  }

  /** Lets bytes of the payload of a record, or of its header, rot. */
  private void rot(long lsn, boolean header) throws IOException {
    byte[] wanted = new byte[40];
    elsewhere.get(lsn).get(0, wanted);
    int found = 0;
    for (String name : platter.names()) {
      byte[] bytes = name.endsWith(".segment") ? platter.liveBytes(name) : new byte[0];
      for (int at = 0; at + wanted.length <= bytes.length; at++) {
        if (ByteBuffer.wrap(bytes, at, wanted.length).equals(ByteBuffer.wrap(wanted))) {
          platter.rot(name, header ? at + 4L : at + 1000L, 8);
          found++;
        }
      }
    }
    assertEquals(1, found, "record " + lsn + " on disk");
  }

  private void assertWhole() throws IOException {
    for (int block = 0; block < BLOCKS; block++) {
      ByteBuffer target = ByteBuffer.allocate(4096);
      Awaited read = new Awaited();
      store.read(1, block * 4096L, target, read);
      read.join(disk);
      assertEquals(block + 1, target.getInt(0));
    }
  }

  @Test
  void foldsUpToWhatIsLostAndOnWhenItWasGivenBack() throws IOException {
    long lost = 52;
    rot(lost, false);
    store.allowFold(store.log().forced());
    poll(1000);
    assertEquals(Optional.of(lost), store.foldProgress().lostLsn());
    assertEquals(51, store.folded().lsn(), "the append before it was folded, and no more");
    assertEquals(MendOutcome.MENDED, store.mend(elsewhere.get(lost)));
    poll(2000);
    assertEquals(Optional.empty(), store.foldProgress().stalled());
    assertEquals(store.log().last().lsn(), store.folded().lsn());
    assertWhole();
    store.close();
    disk.close();
    disk = platter.mount();
    store = FoldingGroupStore.open(disk, logs(), settings(), now);
    assertWhole();
    store.close();
  }

  @Test
  void aRunOfLostRecordsIsBelievedWhenItsLastOneIsProved() throws IOException {
    for (long lost = 60; lost < 65; lost++) {
      rot(lost, lost % 2 == 0);
    }
    store.allowFold(store.log().forced());
    poll(1000);
    assertEquals(Optional.of(60L), store.foldProgress().lostLsn());
    long given = 60;
    while (store.mend(elsewhere.get(given)) == MendOutcome.AWAITS_NEXT) {
      poll(200);
      assertEquals(59, store.folded().lsn(), "nothing is believed before all of it is proved");
      given++;
    }
    assertEquals(64, given);
    poll(2000);
    assertEquals(store.log().last().lsn(), store.folded().lsn());
    assertWhole();
    store.close();
  }

  @Test
  void whatDoesNotContinueTheChainIsNotTaken() throws IOException {
    long lost = 52;
    rot(lost, false);
    store.allowFold(store.log().forced());
    poll(1000);
    ByteBuffer other = otherRecord(lost);
    assertEquals(MendOutcome.FOREIGN, store.mend(other), "sound by itself");
    poll(1000);
    assertEquals(Optional.of(lost), store.foldProgress().lostLsn());
    ByteBuffer broken = elsewhere.get(lost).duplicate();
    ByteBuffer flipped = ByteBuffer.allocate(broken.remaining()).put(broken).flip();
    flipped.put(2000, (byte) ~flipped.get(2000));
    assertEquals(MendOutcome.REFUSED, store.mend(flipped), "not sound");
    poll(1000);
    assertEquals(Optional.of(lost), store.foldProgress().lostLsn());
    assertThrows(LogDamagedException.class, this::readLost, "never other bytes");
    assertEquals(MendOutcome.MENDED, store.mend(elsewhere.get(lost)));
    readLost();
    poll(2000);
    assertWhole();
    store.close();
  }

  /** What the volumes hold after a cut is in records of which one cannot be read. */
  @Test
  void nothingIsReadWhenTheVolumesCannotFollowACut() throws IOException {
    rot(52, false);
    long end = store.log().last().lsn();
    assertThrows(LogDamagedException.class, () -> store.cut(end - 2, "aside"));
    assertTrue(store.failure().isPresent());
    assertEquals(end - 2, store.log().last().lsn());
    assertThrows(IOException.class, () -> read(0));
    PinnedView pin = store.pin();
    Awaited read = new Awaited();
    if (!pin.volumes().isEmpty()) {
      pin.read(1, 0, ByteBuffer.allocate(4096), read);
      assertThrows(IOException.class, () -> read.join(disk));
    }
    pin.close();
  }

  private void readLost() throws IOException {
    read(50);
  }

  private void read(int block) throws IOException {
    Awaited read = new Awaited();
    store.read(1, block * 4096L, ByteBuffer.allocate(4096), read);
    read.join(disk);
  }

  /** The record of that LSN in a log of another history. */
  private ByteBuffer otherRecord(long lsn) throws IOException {
    SimulatedDisk another =
        new SimulatedPlatter(new SplittableRandom(9), DiskTiming.SOLID_STATE).mount();
    FileSegmentLogs logs =
        new FileSegmentLogs(
            another, new LogSettings("log", 5, 128 << 10, 1 << 20, 1), new SplittableRandom(4));
    try (FoldingGroupStore diverged = FoldingGroupStore.create(another, logs, settings(), now)) {
      diverged.append(List.of(new Change.VolumeCreate(1, "w", BLOCKS * 4096L)), EPOCH, 0);
      for (int i = 0; i < BLOCKS; i += 2) {
        diverged.append(List.of(write(i), write(i + 1)), EPOCH, 0);
      }
      diverged.log().requestForce();
      try (LogCursor cursor = diverged.log().cursor(lsn)) {
        ByteBuffer record = null;
        while (record == null) {
          diverged.poll(now);
          now += STEP_NANOS;
          record = cursor.next();
        }
        return ByteBuffer.allocate(record.remaining()).put(record).flip();
      }
    }
  }
}
