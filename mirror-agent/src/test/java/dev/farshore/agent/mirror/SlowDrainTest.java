package dev.farshore.agent.mirror;

import static dev.farshore.agent.mirror.SimulatedPair.MILLIS;
import static dev.farshore.agent.mirror.SimulatedPair.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.mirror.GroupSettings.Beyond;
import dev.farshore.agent.mirror.GroupSettings.OnQuota;
import dev.farshore.agent.mirror.GroupSettings.RiskLimits;
import dev.farshore.agent.mirror.SimulatedPair.Awaited;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.record.Change;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A promotion whose site's disk is slower than what had arrived. */
final class SlowDrainTest {
  private static final int WRITES = 80;
  private static final int WRITE_BYTES = 256 << 10;

  private final SimulatedPair pair =
      new SimulatedPair(
          new SyncMode.Local(),
          new RiskLimits(1L << 30, 300 * SECOND, Beyond.BLOCK, 1L << 30, OnQuota.DETACH_MIRROR),
          MILLIS / 2);

  private static SegmentLog log(SimulatedSite site) {
    return site.node().store().orElseThrow().log();
  }

  /** More arrives than the log may have in memory; the rest lies unread when the primary dies. */
  @Test
  void whatLiesUnreadIsTakenHoweverLongTheDiskTakes() throws IOException {
    pair.east.disk(new DiskTiming(MILLIS, 400 * MILLIS, 400 * MILLIS, MILLIS, true));
    pair.startWithVolume();
    for (int i = 0; i < WRITES; i++) {
      ByteBuffer data = ByteBuffer.allocate(WRITE_BYTES).putInt(0, i + 1);
      Change write = new Change.Write(1, i % 4 * (long) WRITE_BYTES, data);
      pair.west
          .node()
          .store()
          .orElseThrow()
          .append(List.of(write), pair.west.node().leads().orElseThrow(), 7);
    }
    pair.await("a full memory", () -> log(pair.east).stagedBytes() >= 16 << 20);
    pair.pass(200 * MILLIS);
    long last = log(pair.east).last().lsn();
    pair.west.kill();
    assertEquals(Optional.empty(), pair.east.node().promote(true));
    pair.await("leads", () -> pair.east.node().administration().isPresent());
    long taken = log(pair.east).last().lsn() - 1;
    assertTrue(taken > last, "what lay unread was not taken: " + taken);
    int newest = (int) taken - 2;
    assertEquals(
        newest, pair.read(pair.east, (newest - 1) % 4 * (long) WRITE_BYTES), "in order, and whole");
    Awaited reply = pair.submitWrite(pair.east, 0, 99);
    pair.await("reply", () -> reply.done);
  }
}
