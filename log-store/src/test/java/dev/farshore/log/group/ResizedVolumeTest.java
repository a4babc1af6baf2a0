package dev.farshore.log.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.disk.SimulatedDisk;
import dev.farshore.log.disk.SimulatedPlatter;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Readers of a volume that shrinks and grows again while a fold works on its image. */
class ResizedVolumeTest {
  private static final Epoch EPOCH = new Epoch(1, 1);
  private static final int BLOCK = 4096;
  private static final int LARGE = 8 * BLOCK;
  private static final int SMALL = BLOCK;
  private static final DiskTiming SLOW_READS = new DiskTiming(700_000, 100_000, 100_000, 0, true);

  private final SimulatedDisk disk = new SimulatedPlatter(new Random(1), SLOW_READS).mount();
  private final byte[] expected = new byte[LARGE];
  private FoldingGroupStore store;
  private long now;
  private int reads;
  private int readsEnded;

  @Test
  void whatWasCutOffReadsAsZerosAtEveryMomentOfTheFoldThatCutsTheImage() throws IOException {
    GroupStoreSettings settings = new GroupStoreSettings(1 << 20, Duration.ZERO, 1 << 20);
    store = FoldingGroupStore.create(disk, TestLogs.FILE.on(disk, new Random(2)), settings, 0);
    append(new Change.VolumeCreate(1, "v", LARGE));
    new Random(3).nextBytes(expected);
    append(new Change.Write(1, 0, ByteBuffer.wrap(expected.clone())));
    foldTo(2);
    append(new Change.VolumeResize(1, SMALL));
    Arrays.fill(expected, SMALL, LARGE, (byte) 0);
    append(new Change.VolumeResize(1, LARGE));
    foldTo(3);
    foldTo(4);
    assertTrue(reads > 20, "only " + reads + " reads");
    now += 1_000_000;
    store.poll(now);
    assertEquals(reads, readsEnded);
    store.close();
  }

  private void append(Change change) throws IOException {
    store.append(List.of(change), EPOCH, 0);
  }

  /** Folds up to a record, and reads all of the volume at every step. */
  private void foldTo(long lsn) {
    store.allowFold(lsn);
    store.log().requestForce();
    for (int i = 0; i < 60; i++) {
      now += 100_000;
      store.poll(now);
      read();
    }
    assertEquals(lsn, store.folded().lsn());
  }

  private void read() {
    ByteBuffer target = ByteBuffer.allocate(LARGE);
    byte[] wanted = expected.clone();
    reads++;
    store.read(
        1,
        0,
        target,
        new Completion() {
          @Override
          public void done() {
            readsEnded++;
            assertArrayEquals(wanted, target.array());
          }

          @Override
          public void failed(IOException cause) {
            throw new AssertionError("a read failed", cause);
          }
        });
  }
}
