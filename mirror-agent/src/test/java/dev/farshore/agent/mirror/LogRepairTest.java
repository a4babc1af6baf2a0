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

/** What the primary's disk loses of its log before it is folded comes back from the mirror. */
final class LogRepairTest {
  private static final int BLOCKS = SimulatedPair.VOLUME_BYTES / 4096;

  /** Several segments, and more than the log keeps in memory. */
  private static final int WRITES = 1000;

  private final SimulatedPair pair =
      new SimulatedPair(
          new SyncMode.Network(2),
          new RiskLimits(64 << 20, 300 * SECOND, Beyond.BLOCK, 1L << 30, OnQuota.DETACH_MIRROR),
          MILLIS / 2);
  private PinnedView pin;
  private long first;

  private static GroupStore store(SimulatedSite site) {
    return site.node().store().orElseThrow();
  }

  private LogRepair.State repair() {
    return pair.west.node().snapshot(pair.now()).repair();
  }

  /** Both hold the same log, and the primary has folded none of it. */
  private void begin() throws IOException {
    pair.startWithVolume();
    pair.pass(SECOND);
    pin = store(pair.west).pin();
    first = store(pair.west).log().last().lsn() + 1;
    for (int i = 0; i < WRITES; i++) {
      Awaited reply = pair.submitWrite(pair.west, i % BLOCKS * 4096L, i + 1);
      pair.await("reply", () -> reply.done);
      assertEquals("", reply.failure);
    }
    pair.await("mirrored", () -> pair.west.node().snapshot(pair.now()).lagBytes() == 0);
    pair.pass(SECOND);
    assertTrue(store(pair.west).folded().lsn() < first);
    assertTrue(store(pair.east).folded().lsn() > first, "the mirror folds ahead");
    assertEquals(
        store(pair.west).log().first(),
        store(pair.east).log().first(),
        "and keeps what the primary may want back");
  }

  private ByteBuffer head(long lsn) throws IOException {
    try (LogCursor cursor = store(pair.west).log().cursor(lsn)) {
      ByteBuffer record = cursor.next();
      while (record == null) {
        pair.step();
        record = cursor.next();
      }
      return ByteBuffer.allocate(100).put(record.slice(record.position(), 100)).flip();
    }
  }

  private void assertWhole() {
    for (int i = WRITES - BLOCKS; i < WRITES; i++) {
      assertEquals(i + 1, pair.read(pair.west, i % BLOCKS * 4096L));
    }
  }

  @Test
  void whatRottedInTheUnfoldedLogComesFromTheMirror() throws IOException {
    begin();
    for (long lost : new long[] {first + 300, first + 301, first + 600}) {
      pair.west.rot(head(lost));
    }
    pin.close();
    pair.await("fetching", () -> repair() == LogRepair.State.FETCHING);
    pair.await(
        "folded", () -> store(pair.west).folded().lsn() == store(pair.west).log().last().lsn());
    pair.await("done", () -> repair() == LogRepair.State.IDLE);
    assertEquals(Optional.empty(), store(pair.west).foldProgress().stalled());
    assertWhole();
    pair.west.kill();
    pair.west.start();
    pair.await("serving", () -> pair.west.node().administration().isPresent());
    assertWhole();
  }

  private Awaited submitRead(long block, ByteBuffer target) {
    Awaited reply = new Awaited();
    pair.west.export(SimulatedPair.VOLUME).read(block * 4096, target, reply);
    return reply;
  }

  /** The last write of a block, among those that are no longer in memory. */
  private long lastWrite(int block) {
    int write = WRITES - BLOCKS + Math.floorMod(block - WRITES, BLOCKS);
    assertEquals(block, write % BLOCKS);
    return first + write;
  }

  @Test
  void aReadOfALostRecordWaitsUntilItComesFromTheMirror() throws IOException {
    begin();
    int block = (WRITES - BLOCKS) % BLOCKS;
    long lost = lastWrite(block);
    for (int i = 0; i < 3; i++) {
      ByteBuffer head = head(lost + i);
      pair.west.rotHeader(head);
    }
    pair.west.rot(head(lost + 7));
    for (int i : new int[] {2, 7, 0, 1}) {
      ByteBuffer target = ByteBuffer.allocate(4096);
      Awaited reply = submitRead((block + i) % BLOCKS, target);
      pair.await("read", () -> reply.done);
      assertEquals("", reply.failure);
      assertEquals(WRITES - BLOCKS + i + 1, target.getInt(0));
    }
    assertTrue(store(pair.west).folded().lsn() < first, "the fold has not asked for it");
    pair.await("done", () -> repair() == LogRepair.State.IDLE);
    pin.close();
  }

  @Test
  void readsOfALostRecordThatTheMirrorHasLostTooFail() throws IOException {
    begin();
    int block = (WRITES - BLOCKS) % BLOCKS;
    ByteBuffer head = head(lastWrite(block));
    pair.west.rot(head);
    pair.east.rot(head);
    Awaited one = submitRead(block, ByteBuffer.allocate(4096));
    Awaited two = submitRead(block, ByteBuffer.allocate(4096));
    pair.await("read", () -> one.done && two.done);
    assertTrue(one.failure.startsWith("IO: "), one.failure);
    assertTrue(two.failure.startsWith("IO: "), two.failure);
    pin.close();
  }

  @Test
  void readsOfALostRecordFailWhenTheMirrorGoesAway() throws IOException {
    begin();
    int block = (WRITES - BLOCKS) % BLOCKS;
    pair.west.rot(head(lastWrite(block)));
    pair.east.kill();
    Awaited reply = submitRead(block, ByteBuffer.allocate(4096));
    pair.await("read", () -> reply.done);
    assertTrue(reply.failure.startsWith("IO: "), reply.failure);
    assertEquals(WRITES, pair.read(pair.west, (WRITES - 1) % BLOCKS * 4096L));
    pin.close();
  }

  @Test
  void whatTheMirrorHasLostTooIsNotHeldAndTheSessionGoesOn() throws IOException {
    begin();
    long lost = first + 300;
    ByteBuffer head = head(lost);
    pair.west.rot(head);
    pair.east.rot(head);
    pin.close();
    pair.await("asked", () -> repair() == LogRepair.State.NOT_HELD);
    assertEquals(Optional.of(lost), store(pair.west).foldProgress().lostLsn());
    assertEquals(lost - 1, store(pair.west).folded().lsn(), "everything before it is folded");
    Awaited reply = pair.submitWrite(pair.west, 0, 7);
    pair.await("reply", () -> reply.done);
    pair.await("mirrored", () -> pair.west.node().snapshot(pair.now()).lagBytes() == 0);
    assertEquals(
        LinkState.STREAMING, pair.west.node().snapshot(pair.now()).linkState(), "it goes on");
    pair.pass(15 * SECOND);
    assertEquals(LogRepair.State.NOT_HELD, repair(), "asked again, with the same answer");
    assertEquals(Optional.empty(), pair.east.node().promote(false));
    pair.await("leads", () -> pair.east.node().administration().isPresent());
    assertEquals(7, pair.read(pair.east, 0));
    assertEquals(WRITES, pair.read(pair.east, (WRITES - 1) % BLOCKS * 4096L));
  }
}
