package dev.farshore.agent.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.mirror.GroupNode;
import dev.farshore.agent.mirror.GroupSettings.Beyond;
import dev.farshore.agent.mirror.GroupSettings.OnQuota;
import dev.farshore.agent.mirror.GroupSettings.RiskLimits;
import dev.farshore.agent.mirror.SimulatedPair;
import dev.farshore.agent.mirror.SyncMode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LossChancesTest {
  private static final RiskLimits RISK =
      new RiskLimits(64 << 20, SimulatedPair.SECOND, Beyond.BLOCK, 1L << 30, OnQuota.BLOCK);

  private final SimulatedPair pair =
      new SimulatedPair(new SyncMode.Network(2), RISK, SimulatedPair.MILLIS);
  private final Queue<Runnable> worker = new ArrayDeque<>();
  private final LossChances chances = new LossChances(Runnable::run, worker::add);

  private CompletableFuture<Void> refresh() {
    return chances.refresh(List.of(node()), pair.now()).toCompletableFuture();
  }

  private GroupNode node() {
    return pair.west.node();
  }

  @Test
  void isWorkedOutElsewhereAndNotMoreThanOnceASecond() throws IOException {
    pair.startWithVolume();
    assertTrue(refresh().isDone(), "too little is known of the wire");
    assertEquals(OptionalDouble.empty(), chances.last("g"));
    for (int i = 0; node().openRisk().isEmpty(); i++) {
      var reply = pair.submitWrite(pair.west, 4096L * (i % 200), i);
      pair.await("reply", () -> reply.done);
    }
    pair.pass(LossChances.FRESH_NANOS);
    CompletableFuture<Void> first = refresh();
    CompletableFuture<Void> second = refresh();
    assertFalse(first.isDone());
    assertEquals(1, worker.size(), "asked twice, worked out once");
    worker.remove().run();
    assertTrue(first.isDone() && second.isDone());
    assertTrue(chances.last("g").orElseThrow() >= 0);
    pair.pass(LossChances.FRESH_NANOS / 2);
    assertTrue(refresh().isDone());
    assertTrue(worker.isEmpty());
    pair.pass(LossChances.FRESH_NANOS / 2);
    assertFalse(refresh().isDone());
  }
}
