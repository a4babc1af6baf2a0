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
import dev.farshore.log.SegmentLog;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.group.PinnedView;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Ends of a leadership that are seldom reached by chance. */
final class TakeOverTest {
  private static final RiskLimits RISK =
      new RiskLimits(64 << 20, 300 * SECOND, Beyond.BLOCK, 1L << 30, OnQuota.DETACH_MIRROR);
  private static final int BLOCKS = SimulatedPair.VOLUME_BYTES / 4096;

  private final SimulatedPair pair = new SimulatedPair(new SyncMode.Network(2), RISK, MILLIS / 2);

  private static SegmentLog log(SimulatedSite site) {
    return site.node().store().orElseThrow().log();
  }

  private static LinkState link(SimulatedSite site, long now) {
    return site.node().snapshot(now).linkState();
  }

  private List<Awaited> write(int from, int to) {
    List<Awaited> replies = new ArrayList<>();
    for (int i = from; i < to; i++) {
      replies.add(pair.submitWrite(pair.west, i % BLOCKS * 4096L, i + 1));
    }
    return replies;
  }

  /** What the old leader still asks for on its channel is not done. */
  @Test
  void theOldLeadersChannelEndsWithAForcedPromotion() throws IOException {
    pair.startWithVolume();
    write(0, 50).forEach(reply -> pair.await("reply", () -> reply.done));
    pair.pass(SECOND);
    LogPosition before = log(pair.east).last();
    List<Awaited> late = write(50, 60);
    assertEquals(Optional.empty(), pair.east.node().promote(true));
    pair.step();
    assertEquals(LinkState.DISCONNECTED, link(pair.east, pair.now()));
    pair.await("fenced", () -> pair.west.node().leads().isEmpty());
    assertTrue(late.stream().allMatch(reply -> reply.done), "nobody waits for a fenced site");
    pair.await("leads", () -> pair.east.node().administration().isPresent());
    assertEquals(before, log(pair.east).positionAt(before.lsn()).orElseThrow(), "nothing was cut");
    assertTrue(pair.east.files().stream().noneMatch(name -> name.startsWith("divergent")));
    pair.await("joined", () -> link(pair.east, pair.now()) == LinkState.STREAMING);
    pair.await("equal", () -> log(pair.west).last().equals(log(pair.east).last()));
    long answered = late.stream().filter(reply -> reply.failure.isEmpty()).count();
    assertTrue(log(pair.east).last().lsn() >= before.lsn() + answered);
  }

  /** Its log lacks what it had forced and its mirror has folded: the mirror is the better copy. */
  @Test
  void aRegressedPrimaryServesNothingAndTouchesNothing() throws IOException {
    pair.startWithVolume();
    pair.west.faults().lie(true);
    write(0, 800).forEach(reply -> pair.await("reply", () -> reply.done));
    pair.pass(2 * SECOND);
    LogPosition end = log(pair.east).last();
    pair.west.harshPowerCut();
    pair.west.start();
    pair.await("regressed", this::regressed);
    Awaited reply = pair.submitWrite(pair.west, 0, 1);
    pair.pass(10 * SECOND);
    assertTrue(reply.failure.startsWith("IO"), reply.failure);
    assertFalse(pair.west.node().administration().isPresent());
    assertEquals(end, log(pair.east).last(), "the mirror was neither cut nor filled");
    assertEquals(Optional.empty(), pair.east.node().promote(false));
    pair.await("leads", () -> pair.east.node().administration().isPresent());
    assertEquals(800, pair.read(pair.east, 799 % BLOCKS * 4096L));
  }

  private boolean regressed() {
    GroupSnapshot now = pair.west.node().snapshot(pair.now());
    return now.standing().equals(new Standing.Leading(LeadPhase.REGRESSED))
        && now.trouble().orElse(null) instanceof Trouble.RecordsLost;
  }

  /**
   * An append that is larger than a portion is cut in the middle by one power cut after another.
   */
  @Test
  void halfOfAPulledAppendIsNoAppendAfterAPowerCut() throws IOException {
    pair.startWithVolume();
    GroupStore store = pair.west.node().store().orElseThrow();
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      ByteBuffer data = ByteBuffer.allocate(256 << 10).putInt(0, i + 1);
      changes.add(new Change.Write(1, i % 4 * (256L << 10), data));
    }
    pair.west.faults().lie(true);
    // The mirror's fold is held back: what it has folded could not be taken back.
    PinnedView pin = pair.east.node().store().orElseThrow().pin();
    long before = log(pair.west).last().lsn();
    long end = store.append(changes, pair.west.node().leads().orElseThrow(), 7);
    pair.await("mirrored", () -> log(pair.east).forced() == end);
    pair.west.harshPowerCut();
    for (int cut = 0; cut < 4; cut++) {
      pair.west.start();
      pair.await("half of it", () -> log(pair.west).last().lsn() > before + 2);
      assertTrue(log(pair.west).last().lsn() < end, "it came in one piece");
      pair.pass(cut * MILLIS / 2);
      pair.west.powerCut();
    }
    pair.west.start();
    long found = log(pair.west).last().lsn();
    assertTrue(found <= before || found == end, "half an append was recovered: " + found);
    pair.await("serving", () -> pair.west.node().administration().isPresent());
    assertEquals(end, log(pair.west).last().lsn());
    assertEquals("1.1.0", pair.west.node().leads().orElseThrow().toString());
    pin.close();
    assertEquals(24, pair.read(pair.west, 3 * (256L << 10)));
  }
}
