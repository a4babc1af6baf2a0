package dev.farshore.agent.mirror;

import static dev.farshore.agent.mirror.SimulatedPair.MILLIS;
import static dev.farshore.agent.mirror.SimulatedPair.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.mirror.GroupSettings.Beyond;
import dev.farshore.agent.mirror.GroupSettings.OnQuota;
import dev.farshore.agent.mirror.GroupSettings.RiskLimits;
import dev.farshore.agent.mirror.SimulatedPair.Awaited;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.group.PinnedView;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a primary does before it serves, and a mirror before it welcomes one. */
final class StartTest {
  private static final RiskLimits RISK =
      new RiskLimits(64 << 20, 30 * SECOND, Beyond.BLOCK, 1L << 30, OnQuota.DETACH_MIRROR);

  private final SimulatedPair pair = new SimulatedPair(new SyncMode.Network(2), RISK, MILLIS / 2);

  private static SegmentLog log(SimulatedSite site) {
    return site.node().store().orElseThrow().log();
  }

  private boolean serves() {
    return pair.west.node().administration().isPresent();
  }

  @Test
  void aPrimaryThatLostItsWholeLogTakesItBackFromItsMirror() throws IOException {
    LogPosition lost = loseWholeLog();
    pair.west.start();
    assertEquals(0, held(pair.west));
    pair.step();
    assertFalse(serves(), "an empty log may have held records");
    pair.await("serving", this::serves);
    assertEquals(lost, log(pair.west).positionAt(lost.lsn()).orElseThrow());
    assertEquals("1.1.0", pair.west.node().leads().orElseThrow().toString());
  }

  @Test
  void aPrimaryThatLostItsWholeLogAndFindsNoMirrorOpensAnotherEpoch() throws IOException {
    LogPosition lost = loseWholeLog();
    pair.network.partition("west", "east");
    pair.west.start();
    pair.await("serving", this::serves);
    assertEquals("1.1.1", pair.west.node().leads().orElseThrow().toString());
    pair.network.heal("west", "east");
    pair.await("stream", () -> state() == LinkState.STREAMING);
    pair.await("equal logs", () -> log(pair.east).last().equals(log(pair.west).last()));
    assertTrue(log(pair.east).last().epoch().compareTo(lost.epoch()) > 0);
  }

  /** Returns where the mirror's log ends when the primary has lost everything. */
  private LogPosition loseWholeLog() throws IOException {
    pair.start();
    pair.await("serving", this::serves);
    GroupStore store = pair.west.node().store().orElseThrow();
    store.append(List.of(new Change.Mark("lost")), pair.west.node().leads().orElseThrow(), 7);
    pair.await("mirrored", () -> held(pair.east) == 2);
    assertEquals(0, log(pair.west).forced(), "nothing was forced at the primary");
    pair.west.harshPowerCut();
    return log(pair.east).last();
  }

  private static long held(SimulatedSite site) {
    return site.node().store().map(s -> s.log().last().lsn()).orElse(0L);
  }

  private LinkState state() {
    return pair.west.node().snapshot(pair.now()).linkState();
  }

  @Test
  void theStartWaitDoesNotEndWhileTheMirrorGivesRecordsBack() throws IOException {
    pair.startWithVolume();
    for (int i = 0; i < 20; i++) {
      pair.submitWrite(pair.west, i * 4096L, i + 1);
    }
    long end = log(pair.west).last().lsn();
    pair.await("mirrored", () -> held(pair.east) == end);
    pair.west.powerCut();
    pair.west.start();
    pair.await("pulling", () -> state() == LinkState.PULLING);
    pair.network.partition("west", "east");
    pair.pass(SimulatedPair.START_WAIT_NANOS + SECOND / 2);
    assertFalse(serves());
    assertEquals("1.1.0", pair.west.node().leads().orElseThrow().toString());
    pair.network.heal("west", "east");
    pair.await("serving", this::serves);
    assertEquals(end, held(pair.west));
    assertEquals(20, pair.read(pair.west, 19 * 4096L));
  }

  /** However long the tail is, what waits for the disk is bounded. */
  @Test
  void aLongTailIsTakenBackInBoundedMemory() throws IOException {
    pair.startWithVolume();
    // The primary's disk lies, and the mirror's fold is held back, so that all of it is to be had.
    pair.west.faults().lie(true);
    PinnedView pin = pair.east.node().store().orElseThrow().pin();
    int records = 4000;
    for (int i = 0; i < records; i++) {
      Awaited reply = pair.submitWrite(pair.west, i % 256 * 4096L, i + 1);
      if (i % 50 == 49) {
        pair.await("reply", () -> reply.done);
      }
    }
    long end = log(pair.west).last().lsn();
    pair.await("mirrored", () -> held(pair.east) == end);
    pair.west.harshPowerCut();
    pair.west.start();
    pair.await("pulling", () -> state() == LinkState.PULLING);
    pin.close();
    long lost = end - held(pair.west);
    long most = TailPull.STAGED_BYTES_MAX + TailServer.PORTION_BYTES + (64 << 10);
    assertTrue(lost * 4096 > 1.5 * most, "only " + lost + " records were lost");
    long[] staged = new long[1];
    pair.await(
        "serving",
        () -> {
          staged[0] = Math.max(staged[0], log(pair.west).stagedBytes());
          return serves();
        });
    assertTrue(staged[0] <= most, staged[0] + " bytes waited for the disk");
    assertTrue(staged[0] > TailServer.PORTION_BYTES / 2, "it was pulled all the same");
    assertEquals(end, held(pair.west));
    assertEquals(records, pair.read(pair.west, (records - 1) % 256 * 4096L));
  }

  @Test
  void aMirrorThatIsBeingFilledSaysSoAndNothingElse() throws IOException {
    pair.startWithVolume();
    for (int i = 0; i < 800; i++) {
      Awaited reply = pair.submitWrite(pair.west, i % 256 * 4096L, i + 1);
      pair.await("reply", () -> reply.done);
    }
    pair.pass(SECOND);
    assertTrue(log(pair.west).first() > 1, "the log alone would not do");
    pair.east.kill();
    pair.east.wipe();
    pair.east.start();
    pair.await("fill", () -> pair.east.node().snapshot(pair.now()).fill().isPresent());
    assertTrue(pair.east.node().snapshot(pair.now()).needsFill());
    pair.await("some of it", () -> filledBytes() > 0);
    pair.await("whole", () -> pair.east.node().snapshot(pair.now()).fill().isEmpty());
    assertFalse(pair.east.node().snapshot(pair.now()).needsFill());
    assertEquals(712, pair.read(pair.east, 199 * 4096L));
  }

  private long filledBytes() {
    GroupSnapshot now = pair.east.node().snapshot(pair.now());
    return now.fill().map(GroupSnapshot.Fill::doneBytes).orElse(0L);
  }

  @Test
  void whatIsInFlightWhenAPrimaryComesBackIsTakenBeforeItIsWelcomed() throws IOException {
    pair.startWithVolume();
    pair.pass(SECOND);
    var path = pair.network.path("west", "east");
    path.change(LinkConditions.PERFECT.withDelay(300 * MILLIS));
    List<Awaited> replies = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      replies.add(pair.submitWrite(pair.west, i * 4096L, i + 1));
    }
    pair.await("replies", () -> replies.stream().allMatch(reply -> reply.done));
    long acknowledged = log(pair.west).last().lsn();
    assertTrue(log(pair.west).forced() < acknowledged, "they are nowhere durable");
    assertTrue(held(pair.east) < acknowledged, "they are on their way");
    path.change(LinkConditions.PERFECT.withDelay(MILLIS / 2));
    pair.west.powerCut();
    pair.west.start();
    pair.await("serving", this::serves);
    assertEquals(acknowledged, held(pair.west));
    assertEquals(10, pair.read(pair.west, 9 * 4096L));
  }
}
