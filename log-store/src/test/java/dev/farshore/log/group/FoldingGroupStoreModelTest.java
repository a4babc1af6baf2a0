package dev.farshore.log.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.disk.Awaited;
import dev.farshore.log.disk.DiskTiming;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The store against byte arrays: random work, folds, reads at any moment, restarts and crashes. */
class FoldingGroupStoreModelTest {
  private static final long FIRST_SEED = Long.getLong("farshore.crash.seed", 1);
  private static final int SEEDS = Integer.getInteger("farshore.crash.seeds", 20);
  private static final int STEPS = 600;

  StoreWorld world;
  private final List<StoreWorld.Pin> pins = new ArrayList<>();

  static LongStream seeds() {
    return LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS);
  }

  @ParameterizedTest(name = "farshore.crash.seed={0}")
  @MethodSource("seeds")
  void isWhatTheModelIs(long seed) throws IOException {
    DiskTiming timing = seed % 3 == 0 ? DiskTiming.SOLID_STATE : DiskTiming.SHUFFLED;
    world = new StoreWorld(seed, timing, seed % 2 == 0 ? 60_000 : 300_000);
    world.create();
    long folds = 0;
    for (int i = 0; i < STEPS; i++) {
      long folded = world.store.folded().lsn();
      step(world.random.nextInt(200));
      folds += world.store.folded().lsn() > folded ? 1 : 0;
    }
    closePins();
    world.checkAll();
    world.allowFold(world.model.lastLsn());
    world.settle();
    assertEquals(world.model.lastLsn(), world.store.folded().lsn(), "not all was folded");
    world.checkAll();
    assertTrue(folds > 0, "nothing was folded on the way");
    world.close();
  }

  private void step(int what) throws IOException {
    if (what < 90) {
      world.append();
    } else if (what < 120) {
      world.poll(1 + world.random.nextInt(20));
    } else if (what < 150) {
      world.startRead();
    } else if (what < 160) {
      world.store.log().requestForce();
    } else if (what < 172) {
      world.allowFold(world.random.nextLong(world.model.lastLsn() + 1));
      world.store.retainFrom(world.random.nextLong(world.model.lastLsn() + 2));
    } else if (what < 180) {
      pin();
    } else if (what < 186) {
      readImages();
    } else if (what < 190) {
      world.checkAll();
    } else {
      interrupt(what);
    }
  }

  private void interrupt(int what) throws IOException {
    if (what < 192) {
      cut();
    } else if (what < 194) {
      closePins();
      world.close();
      world.open();
      world.recovered(world.model.lastLsn());
    } else if (what < 197) {
      pins.clear();
      long appended = world.store.log().appended();
      world.platter.processDeath();
      world.open();
      world.recovered(appended);
    } else {
      pins.clear();
      long forced = world.store.log().forced();
      world.platter.powerCut();
      world.open();
      world.recovered(forced);
    }
    world.allowFold(world.foldAllowed = Math.min(world.foldAllowed, world.model.lastLsn()));
  }

  private void pin() {
    if (pins.size() > 2) {
      pins.remove(0).view().close();
    }
    pins.add(world.pin());
    pins.forEach(world::readPin);
  }

  private void closePins() {
    pins.forEach(pin -> pin.view().close());
    pins.clear();
  }

  /** No cut comes below what may be folded. */
  private void cut() throws IOException {
    long lowest = Math.min(world.foldAllowed, world.store.log().forced());
    long lsn = lowest + world.random.nextLong(world.model.lastLsn() - lowest + 1);
    long end = world.store.cut(lsn, "cut-" + world.now + "-" + world.random.nextInt(1000)).lsn();
    assertTrue(end <= lsn && world.model.endsAppend(end));
    while (lsn > end) {
      assertTrue(!world.model.endsAppend(lsn), "an append before " + lsn + " was cut too");
      lsn--;
    }
    pins.removeIf(pin -> pin.view().lsn() > end);
    world.model.cut(end);
    world.maker.cutTo(world.store.nextVolumeNumber() - 1);
    world.foldAllowed = Math.min(world.foldAllowed, end);
    world.checkAll();
  }

  private void readImages() throws IOException {
    try (ImageSource source = world.store.openImages()) {
      Map<Integer, byte[]> expected = world.model.frozenAt(source.at().lsn());
      assertEquals(
          new ArrayList<>(expected.keySet()),
          source.volumes().stream().map(VolumeInfo::volume).toList());
      for (VolumeInfo info : source.volumes()) {
        byte[] bytes = expected.get(info.volume());
        byte[] copy = new byte[bytes.length];
        long at = 0;
        for (Extent extent : source.extents(info.volume(), 0, bytes.length, 1000)) {
          if (extent.kind() == Extent.Kind.DATA) {
            ByteBuffer target = ByteBuffer.wrap(copy, (int) at, (int) extent.length());
            Awaited read = new Awaited();
            source.read(info.volume(), at, target, read);
            read.join(world.disk);
          }
          at += extent.length();
        }
        assertArrayEquals(bytes, copy, "image of volume " + info.volume());
      }
    }
  }
}
