package dev.farshore.agent.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.mirror.GroupSettings.Beyond;
import dev.farshore.agent.mirror.GroupSettings.OnQuota;
import dev.farshore.agent.mirror.GroupSettings.RiskLimits;
import dev.farshore.agent.mirror.SimulatedPair.Awaited;
import dev.farshore.log.LogCursor;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Degraded spans that are longer than the process that began them. */
class OpenSpanTest {
  private static final RiskLimits DEGRADES =
      new RiskLimits(
          64 << 20, SimulatedPair.SECOND, Beyond.DEGRADE, 1L << 30, OnQuota.DETACH_MIRROR);

  private final SimulatedPair pair =
      new SimulatedPair(new SyncMode.Remote(), DEGRADES, 2 * SimulatedPair.MILLIS);

  private boolean inSpan(SimulatedSite site) {
    return site.node().store().orElseThrow().inDegradedSpan();
  }

  private void write(int value) {
    Awaited reply = pair.submitWrite(pair.west, 0, value);
    pair.await("a reply", () -> reply.done);
    assertEquals("", reply.failure);
  }

  /** The mirror goes away, and a write is answered without it. */
  private void degrade() throws IOException {
    pair.startWithVolume();
    write(1);
    pair.east.kill();
    write(2);
    assertTrue(inSpan(pair.west));
  }

  /** The spans' marks in the log: false where one begins, true where one ends. */
  private List<Boolean> marks() throws IOException {
    List<Boolean> marks = new ArrayList<>();
    SegmentLog log = pair.west.node().store().orElseThrow().log();
    RecordView view = new RecordView();
    try (LogCursor cursor = log.cursor(log.first())) {
      while (cursor.lsn() <= log.appended()) {
        ByteBuffer record = cursor.next();
        if (record == null) {
          pair.step();
        } else if (view.wrap(record).change() instanceof Change.DegradedSpan(boolean ends)) {
          marks.add(ends);
        }
      }
    }
    return marks;
  }

  private void restartWest() throws IOException {
    pair.west.kill();
    pair.west.start();
    pair.await("serving", () -> pair.west.node().administration().isPresent());
    assertTrue(inSpan(pair.west));
  }

  @Test
  void aSpanEndsAfterARestartWithinIt() throws IOException {
    degrade();
    restartWest();
    pair.east.start();
    pair.await("the span's end", () -> !inSpan(pair.west));
    assertEquals(List.of(false, true), marks());
    write(3);
    assertFalse(pair.west.node().snapshot(pair.now()).degraded());
  }

  @Test
  void aSpanGoesOnAfterARestartWithinIt() throws IOException {
    degrade();
    restartWest();
    write(3);
    assertTrue(pair.west.node().snapshot(pair.now()).degraded());
    assertEquals(List.of(false), marks());
    pair.east.start();
    pair.await("the span's end", () -> !inSpan(pair.west));
    assertEquals(List.of(false, true), marks());
  }

  /** The mirror has the span's begin from the primary, which dies for good. */
  @Test
  void aPromotedMirrorEndsTheSpanOfItsPrimary() throws IOException {
    degrade();
    pair.east.start();
    pair.await("the span's begin", () -> pair.east.isUp() && inSpan(pair.east));
    pair.west.kill();
    assertEquals(java.util.Optional.empty(), pair.east.node().promote(true));
    pair.await("promotion", () -> pair.east.node().administration().isPresent());
    pair.west.start();
    pair.await("the span's end", () -> !inSpan(pair.east));
  }
}
