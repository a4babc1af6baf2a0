package dev.farshore.agent.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.mirror.GroupSettings.Beyond;
import dev.farshore.agent.mirror.GroupSettings.OnQuota;
import dev.farshore.agent.mirror.GroupSettings.RiskLimits;
import dev.farshore.agent.mirror.SimulatedPair.Awaited;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A primary without room on its disk. */
class FullDiskTest {
  private static final RiskLimits DEGRADES =
      new RiskLimits(
          64 << 20, SimulatedPair.SECOND, Beyond.DEGRADE, 1L << 30, OnQuota.DETACH_MIRROR);

  private final SimulatedPair pair =
      new SimulatedPair(new SyncMode.Network(1), DEGRADES, 2 * SimulatedPair.MILLIS);

  /** Writes until the disk is full; gives the last value that was answered. */
  private int fill() throws IOException {
    pair.startWithVolume();
    pair.pass(SimulatedPair.SECOND);
    pair.west.full(true);
    for (int i = 1; i < 2000; i++) {
      Awaited reply = pair.submitWrite(pair.west, 4096L * (i % 200), i);
      pair.await("a reply", () -> reply.done);
      if (!reply.failure.isEmpty()) {
        assertTrue(reply.failure.startsWith("NO_SPACE"), reply.failure);
        fillTheRest();
        return i - 1;
      }
    }
    throw new AssertionError("there was room for everything");
  }

  /** With the smallest records that there are. */
  private void fillTheRest() {
    Awaited reply = new Awaited();
    for (int i = 0; i < 100 && reply.failure.isEmpty(); i++) {
      reply = new Awaited();
      Awaited next = reply;
      pair.west.export(SimulatedPair.VOLUME).trim(900 << 10, 4096, false, next);
      pair.await("a reply", () -> next.done);
    }
    assertTrue(reply.failure.startsWith("NO_SPACE"), reply.failure);
  }

  private void assertGoesOn(int last) {
    assertEquals(last, pair.read(pair.west, 4096L * (last % 200)));
    pair.west.full(false);
    pair.pass(6 * SimulatedPair.SECOND);
    Awaited reply = pair.submitWrite(pair.west, 0, -1);
    pair.await("a reply", () -> reply.done);
    assertEquals("", reply.failure);
    assertEquals(-1, pair.read(pair.west, 0));
  }

  @Test
  void itStartsServesReadsAndGoesOnWhenThereIsRoom() throws IOException {
    int last = fill();
    for (int start = 0; start < 3; start++) {
      pair.west.kill();
      pair.west.start();
      pair.await("serving", () -> pair.west.node().administration().isPresent());
      assertEquals(last, pair.read(pair.west, 4096L * (last % 200)));
      pair.pass(SimulatedPair.SECOND);
      assertEquals(Optional.empty(), pair.west.node().store().orElseThrow().failure());
    }
    assertGoesOn(last);
  }

  /** There is no mirror when it starts, so that it has to begin another epoch. */
  @Test
  void itStartsWithoutItsMirror() throws IOException {
    int last = fill();
    pair.east.kill();
    pair.west.kill();
    pair.west.start();
    pair.await("serving", () -> pair.west.node().administration().isPresent());
    assertGoesOn(last);
  }

  /** What the agent itself has to write waits for room, as its clients' writes do. */
  @Test
  void aDegradedSpanThatFindsNoRoomBeginsLater() throws IOException {
    int last = fill();
    pair.east.kill();
    pair.pass(5 * SimulatedPair.SECOND);
    assertEquals(Optional.empty(), pair.west.node().store().orElseThrow().failure());
    assertEquals(
        new Standing.Leading(LeadPhase.SERVING), pair.west.node().snapshot(pair.now()).standing());
    assertFalse(pair.west.node().store().orElseThrow().inDegradedSpan());
    assertGoesOn(last);
    assertTrue(pair.west.node().store().orElseThrow().inDegradedSpan());
  }
}
