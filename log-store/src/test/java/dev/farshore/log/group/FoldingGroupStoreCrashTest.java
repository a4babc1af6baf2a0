package dev.farshore.log.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.disk.DiskFaults.Call;
import dev.farshore.log.disk.DiskFaults.PowerLoss;
import dev.farshore.log.disk.DiskTiming;
import java.io.IOException;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** Small workloads, with one fault at every call that they make to the disk. */
class FoldingGroupStoreCrashTest {
  private static final EnumSet<Call> EVERY_KIND = EnumSet.allOf(Call.class);

  private long durableLsn;

  private StoreWorld world(long seed) throws IOException {
    durableLsn = 0;
    StoreWorld world = new StoreWorld(seed, DiskTiming.SHUFFLED, 40_000);
    world.create();
    return world;
  }

  /** A few appends, forced and folded in between, and some that are cut off again. */
  private void work(StoreWorld world) throws IOException {
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < 4; i++) {
        world.append();
      }
      world.store.log().requestForce();
      for (int i = 0; i < 30; i++) {
        world.now += 500_000;
        world.store.poll(world.now);
        durableLsn = Math.max(durableLsn, world.store.log().forced());
        world.store.allowFold(durableLsn);
        world.foldAllowed = durableLsn;
        if (world.store.failure().isPresent()) {
          throw new IOException("the store has failed", world.store.failure().get());
        }
      }
      world.store.retainFrom(world.store.folded().lsn() + 1);
      if (round % 2 == 1) {
        cut(world);
      }
    }
    world.store.close();
  }

  /** Takes appends away again that may be forced or not, and nothing that may be folded. */
  private void cut(StoreWorld world) throws IOException {
    world.append();
    world.append();
    world.store.poll(world.now);
    long end = world.store.cut(durableLsn, "cut").lsn();
    assertEquals(durableLsn, end);
    world.model.cut(end);
    world.maker.cutTo(world.store.nextVolumeNumber() - 1);
  }

  private long calls(long seed) throws IOException {
    StoreWorld world = world(seed);
    long before = world.platter.faults().calls();
    work(world);
    assertTrue(world.store.folded().lsn() > 8, "folded only " + world.store.folded());
    return world.platter.faults().calls() - before;
  }

  @Test
  void isAPrefixOfItsLogAfterAPowerCutAtEveryCall() throws IOException {
    int interrupted = 0;
    for (long seed = 1; seed <= 4; seed++) {
      long calls = calls(seed);
      for (long call = 1; call <= calls; call++) {
        StoreWorld world = world(seed);
        world.platter.faults().losePowerAt(call);
        try {
          work(world);
        } catch (PowerLoss expected) {
          world.platter.powerCut();
        }
        world.platter.faults().losePowerAt(1 + call % 40);
        try {
          world.open();
          world.platter.faults().heal();
          world.platter.powerCut();
        } catch (PowerLoss again) {
          world.platter.powerCut();
        }
        world.open();
        interrupted += world.interruptedFolds;
        world.recovered(durableLsn);
        world.allowFold(world.model.lastLsn());
        world.settle();
        world.checkAll();
        world.close();
      }
    }
    assertTrue(interrupted > 20, "only " + interrupted + " folds were interrupted");
  }

  @Test
  void tellsTheTruthAfterAnyOneCallHasFailed() throws IOException {
    for (long seed = 1; seed <= 2; seed++) {
      long calls = calls(seed);
      for (long call = 1; call <= calls; call++) {
        for (boolean sticky : new boolean[] {false, true}) {
          StoreWorld world = world(seed);
          if (sticky) {
            world.platter.faults().failFrom(EVERY_KIND, call);
          } else {
            world.platter.faults().failOnce(EVERY_KIND, call);
          }
          try {
            work(world);
          } catch (IOException failed) {
            assertTrue(world.platter.faults().failures() > 0, () -> "call failed: " + failed);
          }
          world.platter.faults().heal();
          if (call % 3 == 0) {
            world.platter.dropCaches();
            world.platter.powerCut();
          } else {
            world.platter.processDeath();
          }
          world.open();
          world.recovered(durableLsn);
          world.allowFold(world.model.lastLsn());
          world.settle();
          assertEquals(world.model.lastLsn(), world.store.folded().lsn());
          world.checkAll();
          world.close();
          // What it said then must have come from the platter, or have been brought there.
          world.platter.dropCaches();
          world.platter.powerCut();
          world.open();
          world.checkAll();
          world.close();
        }
      }
    }
  }
}
