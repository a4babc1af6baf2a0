package dev.farshore.agent.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.mirror.GroupSettings.Beyond;
import dev.farshore.agent.mirror.GroupSettings.OnQuota;
import dev.farshore.agent.mirror.GroupSettings.RiskLimits;
import dev.farshore.agent.mirror.SimulatedPair.Awaited;
import dev.farshore.log.disk.DiskFaults.Call;
import java.io.IOException;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** A site of whose disk one force has failed, whichever file it was for. */
class FailedStoreTest {
  private static final RiskLimits RISK =
      new RiskLimits(
          64 << 20, 30 * SimulatedPair.SECOND, Beyond.BLOCK, 1L << 30, OnQuota.DETACH_MIRROR);
  private static final int MANY = 3000;

  private final SimulatedPair pair =
      new SimulatedPair(new SyncMode.Local(), RISK, 2 * SimulatedPair.MILLIS);

  /** Writes until a site's store has failed; true if it did. */
  private boolean writeUntilFailed(SimulatedSite failing) {
    for (int i = 0; i < MANY; i++) {
      if (pair.west.node().store().orElseThrow().failure().isPresent()) {
        return true;
      }
      Awaited reply = pair.submitWrite(pair.west, 4096L * (i % 200), i);
      pair.await("a reply", () -> reply.done);
      if (failing.node().store().orElseThrow().failure().isPresent()) {
        return true;
      }
    }
    return false;
  }

  private Awaited flush() {
    Awaited reply = new Awaited();
    pair.west.export(SimulatedPair.VOLUME).flush(reply);
    return reply;
  }

  @Test
  void aPrimaryWhoseForceHasFailedAnswersNothingMore() throws IOException {
    for (int force = 1; force <= 9; force++) {
      FailedStoreTest world = new FailedStoreTest();
      world.pair.startWithVolume();
      world.pair.west.faults().failOnce(EnumSet.of(Call.FORCE), force);
      assertTrue(world.writeUntilFailed(world.pair.west), "force " + force + " was never reached");
      Awaited write = world.pair.submitWrite(world.pair.west, 0, 1);
      Awaited flush = world.flush();
      world.pair.pass(SimulatedPair.SECOND);
      assertTrue(write.done && flush.done, "force " + force);
      assertNotEquals("", write.failure, "force " + force);
      assertNotEquals("", flush.failure, "force " + force);
    }
  }

  @Test
  void aMirrorWhoseForceHasFailedConfirmsNothingMore() throws IOException {
    for (int force = 1; force <= 9; force++) {
      FailedStoreTest world = new FailedStoreTest();
      world.pair.startWithVolume();
      world.pair.east.faults().failOnce(EnumSet.of(Call.FORCE), force);
      assertTrue(world.writeUntilFailed(world.pair.east), "force " + force + " was never reached");
      long forced = world.pair.east.node().store().orElseThrow().log().forced();
      for (int i = 0; i < 20; i++) {
        Awaited reply = world.pair.submitWrite(world.pair.west, 0, i);
        world.pair.await("a reply", () -> reply.done);
      }
      world.pair.pass(SimulatedPair.SECOND);
      assertEquals(forced, world.pair.east.node().store().orElseThrow().log().forced());
      long mirrored = world.pair.west.node().snapshot(world.pair.now()).watermarks().mirrored();
      assertTrue(mirrored <= forced, "force " + force + ": " + mirrored + " > " + forced);
    }
  }
}
