package dev.farshore.agent.mirror;

import static dev.farshore.agent.mirror.SimulatedPair.MILLIS;
import static dev.farshore.agent.mirror.SimulatedPair.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.mirror.GroupSettings.Beyond;
import dev.farshore.agent.mirror.GroupSettings.OnQuota;
import dev.farshore.agent.mirror.GroupSettings.RiskLimits;
import dev.farshore.agent.mirror.SimulatedPair.Awaited;
import dev.farshore.log.LogCursor;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.group.PinnedView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Damage that is met when two sites join their logs, or at a mirror, and what becomes of it. */
final class DamagedAgreementTest {
  private static final int BLOCKS = SimulatedPair.VOLUME_BYTES / 4096;

  /** Several segments, and more than the log keeps in memory. */
  private static final int WRITES = 1000;

  private final SimulatedPair pair =
      new SimulatedPair(
          new SyncMode.Local(),
          new RiskLimits(1L << 30, 3000 * SECOND, Beyond.BLOCK, 1L << 30, OnQuota.DETACH_MIRROR),
          MILLIS / 2);

  private static GroupStore store(SimulatedSite site) {
    return site.node().store().orElseThrow();
  }

  private GroupSnapshot snapshot(SimulatedSite site) {
    return site.node().snapshot(pair.now());
  }

  private void write(int count) {
    for (int i = 0; i < count; i++) {
      Awaited reply = pair.submitWrite(pair.west, i % BLOCKS * 4096L, i + 1);
      pair.await("reply", () -> reply.done);
      assertEquals("", reply.failure);
    }
  }

  private void awaitMirrored() {
    pair.await(
        "mirrored",
        () ->
            snapshot(pair.west).linkState() == LinkState.STREAMING
                && snapshot(pair.west).watermarks().mirrored()
                    == store(pair.west).log().last().lsn());
  }

  /** How the record begins on disk. */
  private ByteBuffer head(SimulatedSite site, long lsn) throws IOException {
    try (LogCursor cursor = store(site).log().cursor(lsn)) {
      ByteBuffer record = cursor.next();
      while (record == null) {
        pair.step();
        record = cursor.next();
      }
      int length = Math.min(100, record.remaining());
      return ByteBuffer.allocate(length).put(record.slice(record.position(), length)).flip();
    }
  }

  private void assertEqualVolumes(int writes) {
    for (int i = Math.max(0, writes - BLOCKS); i < writes; i++) {
      assertEquals(i + 1, pair.read(pair.west, i % BLOCKS * 4096L));
    }
    pair.await(
        "folded there",
        () -> store(pair.east).folded().lsn() == store(pair.east).log().last().lsn());
    for (int i = Math.max(0, writes - BLOCKS); i < writes; i++) {
      assertEquals(i + 1, pair.read(pair.east, i % BLOCKS * 4096L));
    }
  }

  @Test
  void thePrimaryFetchesTheRecordWhereItsMirrorEnds() throws IOException {
    pair.startWithVolume();
    awaitMirrored();
    pair.pass(SECOND);
    long end = store(pair.east).log().last().lsn();
    pair.east.kill();
    write(WRITES);
    pair.west.rotHeader(head(pair.west, end));
    pair.east.start();
    awaitMirrored();
    assertEquals(LogRepair.State.IDLE, snapshot(pair.west).repair());
    assertEqualVolumes(WRITES);
  }

  @Test
  void aMirrorFetchesTheRecordWhereItsPrimaryEnds() throws IOException {
    pair.startWithVolume();
    awaitMirrored();
    pair.pass(SECOND);
    pair.west.faults().lie(true);
    PinnedView pin = store(pair.east).pin();
    write(WRITES);
    awaitMirrored();
    long end = store(pair.east).log().last().lsn();
    pair.west.harshPowerCut();
    pair.west.start();
    long held = store(pair.west).log().last().lsn();
    assertTrue(held < end, "the primary lost nothing");
    pair.east.rotHeader(head(pair.east, held));
    pair.await("serving", () -> pair.west.node().administration().isPresent());
    assertEquals("1.1.0", pair.west.node().leads().orElseThrow().toString());
    assertTrue(store(pair.west).log().last().lsn() >= end, "all of it came back");
    pin.close();
    awaitMirrored();
    assertEqualVolumes(WRITES);
  }

  @Test
  void whatRottedInTheMirrorsUnfoldedLogComesFromThePrimary() throws IOException {
    pair.startWithVolume();
    pair.pass(SECOND);
    PinnedView pin = store(pair.east).pin();
    long first = store(pair.east).log().last().lsn() + 1;
    write(WRITES);
    awaitMirrored();
    pair.pass(SECOND);
    assertTrue(store(pair.west).folded().lsn() > first, "the primary folds ahead");
    for (long lost : new long[] {first + 100, first + 101, first + 300}) {
      pair.east.rot(head(pair.east, lost));
    }
    pin.close();
    pair.await("fetching", () -> snapshot(pair.east).repair() == LogRepair.State.FETCHING);
    pair.await(
        "folded", () -> store(pair.east).folded().lsn() == store(pair.east).log().last().lsn());
    pair.await("done", () -> snapshot(pair.east).repair() == LogRepair.State.IDLE);
    assertEqualVolumes(WRITES);
  }

  @Test
  void aRecordThatNobodyHasIsSentAsPartOfTheImages() throws IOException {
    pair.startWithVolume();
    write(100);
    long lost = 3;
    pair.await("folded", () -> store(pair.west).folded().lsn() > lost);
    PinnedView pin = store(pair.west).pin();
    write(WRITES);
    awaitMirrored();
    assertEquals(1, store(pair.west).log().first(), "an empty mirror would get the log");
    pair.east.kill();
    pair.west.rot(head(pair.west, lost));
    pair.east.wipe();
    pair.east.start();
    pair.await("not held", () -> snapshot(pair.west).repair() == LogRepair.State.NOT_HELD);
    assertEquals(LinkState.STREAMING, snapshot(pair.west).linkState(), "the session stays");
    assertEquals(Optional.of(lost), snapshot(pair.west).lostLsn());
    awaitMirrored();
    pin.close();
    assertEqualVolumes(WRITES);
  }

  @Test
  void aDivergedRecordIsNotTakenForTheOneThatWasLost() throws IOException {
    pair.startWithVolume();
    awaitMirrored();
    pair.pass(SECOND);
    PinnedView pin = store(pair.west).pin();
    pair.network.partition("west", "east");
    write(WRITES);
    assertEquals(Optional.empty(), pair.east.node().promote(true));
    pair.await("leads", () -> pair.east.node().administration().isPresent());
    for (int i = 0; i < 20; i++) {
      Awaited reply = pair.submitWrite(pair.east, i * 4096L, 7000 + i);
      pair.await("reply", () -> reply.done);
    }
    long end = store(pair.east).log().last().lsn();
    pair.west.rotHeader(head(pair.west, end));
    pin.close();
    pair.network.heal("west", "east");
    pair.await("fenced", () -> pair.west.node().leads().isEmpty());
    pair.await("joined", () -> store(pair.west).log().last().equals(store(pair.east).log().last()));
    pair.await("streams", () -> snapshot(pair.east).linkState() == LinkState.STREAMING);
    for (int i = 0; i < 20; i++) {
      assertEquals(7000 + i, pair.read(pair.west, i * 4096L));
    }
  }
}
