package dev.farshore.log.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.disk.Awaited;
import dev.farshore.log.disk.DiskFaults;
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
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A fold of which a force has failed, done again by the next process: what the page cache claims by
 * then is no reason to leave anything out.
 */
class FoldForcedAgainTest {
  private static final Epoch EPOCH = new Epoch(1, 1);
  private static final int BLOCK = 4096;

  /** The sums of these blocks are three pages. */
  private static final int BLOCKS = 3072;

  private static final int[][] DATA = {{1000, 1100}, {2040, 2060}};
  private static final int[][] CHECKED = {{1000, 1200}, {2040, 2060}};
  private static final int MOST_FORCES = 12;

  private SimulatedPlatter platter;
  private SimulatedDisk disk;
  private FoldingGroupStore store;
  private long now;

  /** What the fold that fails does to blocks of which some hold data. */
  private enum Kind {
    /** Whole pages of sums, and parts of others. */
    TRIM(1010, 1040),
    ZERO(1010, 1040),
    WRITE(1060, 80);

    final int first;
    final int blocks;

    Kind(int first, int blocks) {
      this.first = first;
      this.blocks = blocks;
    }

    Change change() {
      long offset = (long) first * BLOCK;
      long length = (long) blocks * BLOCK;
      return switch (this) {
        case TRIM -> new Change.Trim(1, offset, length);
        case ZERO -> new Change.Zero(1, offset, length);
        case WRITE -> new Change.Write(1, offset, content(9, blocks));
      };
    }

    int of(int block) {
      if (block >= first && block < first + blocks) {
        return this == WRITE ? 9 : 0;
      }
      return Arrays.stream(DATA).anyMatch(data -> block >= data[0] && block < data[1]) ? 7 : 0;
    }
  }

  private static ByteBuffer content(int value, int blocks) {
    byte[] content = new byte[blocks * BLOCK];
    Arrays.fill(content, (byte) value);
    return ByteBuffer.wrap(content);
  }

  @ParameterizedTest
  @EnumSource
  void nothingOfItRestsInThePageCacheAlone(Kind kind) throws IOException {
    int failures = 0;
    for (int force = 1; force <= MOST_FORCES; force++) {
      for (long seed = 1; seed <= 8; seed++) {
        failures += failAndHeal(kind, force, seed) ? 1 : 0;
      }
    }
    assertTrue(failures > MOST_FORCES, "forces that failed in a fold: " + failures);
  }

  private boolean failAndHeal(Kind kind, int force, long seed) throws IOException {
    platter = new SimulatedPlatter(new SplittableRandom(seed), DiskTiming.SOLID_STATE);
    now = 0;
    disk = platter.mount();
    store = FoldingGroupStore.create(disk, logs(seed), settings(), now);
    store.append(List.of(new Change.VolumeCreate(1, "v", (long) BLOCKS * BLOCK)), EPOCH, 0);
    for (int[] range : DATA) {
      ByteBuffer data = content(7, range[1] - range[0]);
      store.append(List.of(new Change.Write(1, (long) range[0] * BLOCK, data)), EPOCH, 0);
    }
    assertTrue(fold());
    store.append(List.of(kind.change()), EPOCH, 0);
    store.log().requestForce();
    pass(50);
    platter.faults().failOnce(EnumSet.of(DiskFaults.Call.FORCE), force);
    boolean failed = !fold();
    platter.faults().heal();
    platter.processDeath();

    open(seed);
    assertTrue(fold(), "done again");
    store.close();
    disk.close();
    platter.dropCaches();
    platter.powerCut();

    open(seed);
    for (int[] range : CHECKED) {
      check(kind, range, "force " + force + ", seed " + seed);
    }
    assertEquals(store.log().last().lsn(), store.folded().lsn());
    store.close();
    disk.close();
    return failed;
  }

  private void check(Kind kind, int[] range, String when) throws IOException {
    ByteBuffer read = ByteBuffer.allocate((range[1] - range[0]) * BLOCK);
    Awaited done = new Awaited();
    store.read(1, (long) range[0] * BLOCK, read, done);
    done.join(disk);
    for (int block = range[0]; block < range[1]; block++) {
      byte[] expected = new byte[BLOCK];
      Arrays.fill(expected, (byte) kind.of(block));
      int at = (block - range[0]) * BLOCK;
      byte[] found = Arrays.copyOfRange(read.array(), at, at + BLOCK);
      assertArrayEquals(expected, found, when + ", block " + block);
    }
  }

  private FileSegmentLogs logs(long seed) {
    LogSettings log = new LogSettings("log", 5, 1 << 20, 1 << 20, 1);
    return new FileSegmentLogs(disk, log, new SplittableRandom(seed));
  }

  private static GroupStoreSettings settings() {
    return new GroupStoreSettings(64 << 10, Duration.ofMillis(1), 1 << 20);
  }

  private void open(long seed) throws IOException {
    disk = platter.mount();
    store = FoldingGroupStore.open(disk, logs(seed), settings(), now);
  }

  private void pass(int times) {
    for (int i = 0; i < times; i++) {
      now += 1_000_000;
      store.poll(now);
    }
  }

  /** Folds everything; false if the store has failed. */
  private boolean fold() {
    store.log().requestForce();
    pass(50);
    store.allowFold(store.log().last().lsn());
    for (int i = 0; i < 100 && store.folded().lsn() < store.log().last().lsn(); i++) {
      pass(10);
    }
    return store.failure().isEmpty() && store.folded().lsn() == store.log().last().lsn();
  }
}
