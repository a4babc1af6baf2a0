package dev.farshore.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.record.Chain;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link SegmentLog} does, whatever stores it, as long as its disk does what it should.
 * Stores should use small segments (64 KiB), so that these tests cross their ends.
 */
public abstract class SegmentLogContract {

  protected static final Epoch EPOCH = new Epoch(1, 1);
  protected static final long GROUP = 0x1234_5678_9abcL;

  private SegmentLog log;
  private LogDriver driver;

  /** A new log, of group {@link #GROUP}, apart from all others of this test. */
  protected abstract SegmentLog create(String name, LogPosition start) throws IOException;

  /** The log of that name again, after {@link SegmentLog#close}. */
  protected abstract SegmentLog open(String name) throws IOException;

  /** The log of that name again, after its process died with it open. */
  protected abstract SegmentLog openAfterDeath(String name) throws IOException;

  /** Gives up what the logs of a test lay in; they are closed or dead. */
  protected abstract void release() throws IOException;

  @AfterEach
  void closeLog() throws IOException {
    if (log != null) {
      log.close();
    }
    release();
  }

  private void start() throws IOException {
    use(create("log", LogPosition.START));
  }

  private void use(SegmentLog opened) {
    log = opened;
    driver = new LogDriver(opened);
  }

  private void reopen() throws IOException {
    log.close();
    use(open("log"));
  }

  private void die() throws IOException {
    use(openAfterDeath("log"));
  }

  protected static Change.Write write(int volume, long offset, int length, long seed) {
    return new Change.Write(volume, offset, ByteBuffer.wrap(bytes(length, seed)));
  }

  protected static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  private static RecordView view(byte[] record) {
    return new RecordView().wrap(ByteBuffer.wrap(record));
  }

  private void appendWrites(int count, int length) throws IOException {
    for (int i = 0; i < count; i++) {
      long lsn = log.last().lsn() + 1;
      log.append(List.of(write(1, lsn * 4096, length, lsn)), EPOCH, lsn);
    }
  }

  private void requireWrites(long from, long to, int length) throws IOException {
    long lsn = from;
    for (byte[] record : driver.records(from, to)) {
      assertEquals(write(1, lsn * 4096, length, lsn), view(record).change(), "lsn " + lsn);
      assertEquals(lsn, view(record).wallMillis());
      lsn++;
    }
  }

  @Test
  void numbersRecordsFromOneWithoutGaps() throws IOException {
    start();
    assertEquals(LogPosition.START, log.last());
    assertEquals(1, log.first());
    assertEquals(1, log.append(List.of(write(1, 0, 10, 1)), EPOCH, 5));
    assertEquals(3, log.append(List.of(write(1, 0, 9, 2), write(2, 0, 9, 3)), EPOCH, 6));
    assertEquals(3, log.last().lsn());
    driver.write();
    List<byte[]> records = driver.records(1, 3);
    Chain chain = Chain.EMPTY;
    for (byte[] record : records) {
      chain = view(record).chainAfter(chain);
      assertEquals(chain, view(record).chain());
      assertEquals(GROUP, view(record).group());
      assertEquals(EPOCH, view(record).epoch());
    }
    assertEquals(new LogPosition(3, EPOCH, chain), log.last());
    assertTrue(view(records.get(0)).firstOfAppend() && view(records.get(0)).lastOfAppend());
    assertTrue(view(records.get(1)).firstOfAppend() && !view(records.get(1)).lastOfAppend());
    assertTrue(!view(records.get(2)).firstOfAppend() && view(records.get(2)).lastOfAppend());
  }

  @Test
  void comesFromStagedOverAppendedToForced() throws IOException {
    start();
    appendWrites(3, 100);
    assertEquals(0, log.appended());
    assertEquals(0, log.forced());
    assertTrue(log.stagedBytes() > 300);
    assertEquals(log.stagedBytes(), log.encodedBytes());
    driver.write();
    assertEquals(0, log.stagedBytes());
    assertEquals(0, log.forced(), "nobody asked for a force");
    driver.force();
    appendWrites(1, 100);
    driver.write();
    assertEquals(3, log.forced());
    log.requestForce();
    log.requestForce();
    driver.until("forced", () -> log.forced() == 4);
  }

  @Test
  void keepsEverythingOverClosingAndOverTheDeathOfItsProcess() throws IOException {
    start();
    appendWrites(50, 3000);
    reopen();
    assertEquals(50, log.last().lsn());
    assertEquals(50, log.appended());
    assertEquals(50, log.forced());
    assertTrue(log.recovery().clean());
    assertEquals(log.last(), log.recovery().position());
    appendWrites(50, 3000);
    driver.write();
    LogPosition last = log.last();
    die();
    assertEquals(last, log.last());
    assertEquals(last.lsn(), log.forced());
    assertFalse(log.recovery().clean());
    requireWrites(1, 100, 3000);
    appendWrites(50, 3000);
    reopen();
    requireWrites(1, 150, 3000);
    requireWrites(77, 150, 3000);
  }

  @Test
  void beginsAfterAGivenPosition() throws IOException {
    LogPosition start = new LogPosition(1000, new Epoch(3, 2), new Chain(7, 8));
    use(create("log", start));
    assertEquals(start, log.last());
    assertEquals(1001, log.first());
    assertEquals(Optional.of(start), log.positionAt(1000));
    assertThrows(
        IllegalArgumentException.class,
        () -> log.append(List.of(write(1, 0, 1, 1)), new Epoch(2, 9), 0));
    assertEquals(1001, log.append(List.of(write(1, 0, 1, 1)), new Epoch(3, 2), 0));
    driver.force();
    assertEquals(new Chain(7, 8), start.chain());
    assertEquals(
        view(driver.records(1001, 1001).getFirst()).chainAfter(start.chain()), log.last().chain());
    reopen();
    assertEquals(1001, log.last().lsn());
    assertEquals(Optional.of(start), log.positionAt(1000));
  }

  @Test
  void carriesEveryKindOfChange() throws IOException {
    start();
    List<Change> changes =
        List.of(
            new Change.EpochStart(Epoch.NONE),
            new Change.VolumeCreate(1, "disk", 1 << 30),
            write(1, 77, 5000, 1),
            new Change.Zero(1, 4096, 1 << 20),
            new Change.Trim(1, 0, 1 << 29),
            new Change.VolumeResize(1, 1 << 29),
            new Change.DegradedSpan(false),
            new Change.Mark("here"),
            new Change.VolumeRemove(1));
    log.append(changes, EPOCH, 1);
    reopen();
    List<Change> read = new ArrayList<>();
    for (byte[] record : driver.records(1, changes.size())) {
      read.add(view(record).change());
    }
    assertEquals(changes, read);
  }

  @Test
  void takesAnAppendLongerThanASegment() throws IOException {
    start();
    appendWrites(2, 100);
    Change.Write large = write(1, 5, 1 << 20, 99);
    log.append(List.of(write(2, 0, 50, 98), large, write(2, 9, 50, 97)), EPOCH, 0);
    appendWrites(2, 100);
    driver.write();
    assertEquals(large, view(driver.records(1, 7).get(3)).change());
    assertArrayEquals(
        Arrays.copyOfRange(large.data().array(), 500_000, 510_000),
        driver.payload(4, 1, 500_000, 10_000));
    die();
    assertEquals(7, log.last().lsn());
    assertEquals(large, view(driver.records(1, 7).get(3)).change());
  }

  @Test
  void refusesWhatIsNoAppend() throws IOException {
    start();
    assertThrows(IllegalArgumentException.class, () -> log.append(List.of(), EPOCH, 0));
    List<Change> bad = List.of(write(1, 0, 10, 1), new Change.Trim(1, 0, -1));
    assertThrows(IllegalArgumentException.class, () -> log.append(bad, EPOCH, 0));
    assertEquals(LogPosition.START, log.last());
    assertEquals(1, log.append(List.of(write(1, 0, 10, 1)), EPOCH, 0));
  }

  @Test
  void aReplicaHoldsTheSameBytesAndChain() throws IOException {
    start();
    appendWrites(30, 3000);
    log.append(List.of(write(1, 0, 10, 1), write(2, 0, 10, 2)), EPOCH, 7);
    driver.write();
    List<byte[]> records = driver.records(1, 32);
    try (SegmentLog replica = create("replica", LogPosition.START)) {
      LogDriver replicaDriver = new LogDriver(replica);
      for (byte[] record : records) {
        assertEquals(
            SegmentLog.ReplicaOutcome.APPENDED, replica.appendReplica(ByteBuffer.wrap(record)));
      }
      replicaDriver.force();
      assertEquals(log.last(), replica.last());
      List<byte[]> copies = replicaDriver.records(1, 32);
      for (int i = 0; i < 32; i++) {
        assertArrayEquals(records.get(i), copies.get(i));
      }
    }
  }

  @Test
  void aReplicaRefusesWhatDoesNotFollow() throws IOException {
    start();
    appendWrites(5, 100);
    driver.write();
    List<byte[]> records = driver.records(1, 5);
    try (SegmentLog other = create("other", LogPosition.START)) {
      assertEquals(
          SegmentLog.ReplicaOutcome.GAP, other.appendReplica(ByteBuffer.wrap(records.get(1))));
      byte[] corrupt = records.get(0).clone();
      corrupt[corrupt.length - 1] ^= 1;
      assertEquals(
          SegmentLog.ReplicaOutcome.CORRUPT, other.appendReplica(ByteBuffer.wrap(corrupt)));
      byte[] cut = Arrays.copyOf(records.get(0), 60);
      assertEquals(SegmentLog.ReplicaOutcome.CORRUPT, other.appendReplica(ByteBuffer.wrap(cut)));
      assertEquals(
          SegmentLog.ReplicaOutcome.APPENDED, other.appendReplica(ByteBuffer.wrap(records.get(0))));
      assertEquals(
          SegmentLog.ReplicaOutcome.DUPLICATE,
          other.appendReplica(ByteBuffer.wrap(records.get(0))));
      other.append(List.of(write(3, 3, 3, 3)), EPOCH, 3);
      assertEquals(
          SegmentLog.ReplicaOutcome.DIVERGED, other.appendReplica(ByteBuffer.wrap(records.get(2))));
      assertEquals(2, other.last().lsn());
    }
  }

  @Test
  void anAppendThatHasNotArrivedWholeIsInvisibleAndIsDropped() throws IOException {
    start();
    appendWrites(1, 100);
    log.append(List.of(write(1, 0, 10, 1), write(2, 0, 10, 2), write(3, 0, 10, 3)), EPOCH, 7);
    driver.write();
    List<byte[]> records = driver.records(1, 4);
    SegmentLog replica = create("replica", LogPosition.START);
    LogDriver replicaDriver = new LogDriver(replica);
    for (byte[] record : records.subList(0, 3)) {
      replica.appendReplica(ByteBuffer.wrap(record));
    }
    assertEquals(3, replica.last().lsn());
    replica.requestForce();
    replicaDriver.until("forced", () -> replica.forced() == 1);
    replicaDriver.pass(20_000_000);
    assertEquals(1, replica.appended());
    assertThrows(
        IllegalStateException.class, () -> replica.append(List.of(write(3, 3, 3, 3)), EPOCH, 3));
    try (LogCursor cursor = replica.cursor(1)) {
      replicaDriver.next(cursor);
      assertNull(cursor.next());
    }
    replica.close();
    try (SegmentLog again = open("replica")) {
      assertEquals(1, again.last().lsn());
      assertEquals(2, again.recovery().droppedRecords());
      for (byte[] record : records.subList(1, 4)) {
        assertEquals(
            SegmentLog.ReplicaOutcome.APPENDED, again.appendReplica(ByteBuffer.wrap(record)));
      }
      new LogDriver(again).force();
      assertEquals(log.last(), again.last());
    }
  }

  @Test
  void readsPayloadsStagedWrittenAndFromOldSegments() throws IOException {
    start();
    for (int i = 1; i <= 40; i++) {
      log.append(List.of(write(1, 4000, 9000, i)), EPOCH, 0);
    }
    for (int round = 0; round < 3; round++) {
      for (int lsn = 1; lsn <= 40; lsn++) {
        byte[] payload = bytes(9000, lsn);
        for (int[] range : new int[][] {{0, 9000}, {96, 4096}, {5, 3}, {8999, 1}, {90, 10}}) {
          assertArrayEquals(
              Arrays.copyOfRange(payload, range[0], range[0] + range[1]),
              driver.payload(lsn, 1, range[0], range[1]));
        }
      }
      if (round == 0) {
        driver.force();
      } else if (round == 1) {
        reopen();
      }
    }
  }

  @Test
  void freesWholeSegmentsAndUsesTheirRoomAgain() throws IOException {
    start();
    appendWrites(100, 3000);
    driver.force();
    long before = log.retainedBytes();
    assertTrue(before >= 300_000, "retains " + before);
    log.free(51);
    log.free(3);
    driver.until("freed", () -> log.first() > 25 && log.first() <= 51);
    assertTrue(log.retainedBytes() < before);
    requireWrites(log.first(), 100, 3000);
    assertEquals(Optional.empty(), log.positionAt(log.first() - 2));
    assertEquals(log.first() - 1, log.positionAt(log.first() - 1).orElseThrow().lsn());
    for (int i = 0; i < 20; i++) {
      appendWrites(20, 3000);
      driver.force();
      log.free(log.last().lsn() + 1);
      driver.pass(5_000_000);
    }
    driver.until("freed", () -> log.last().lsn() - log.first() < 60);
    reopen();
    requireWrites(log.first(), 500, 3000);
  }

  @Test
  void aCursorKeepsWhatItHasNotReadYet() throws IOException {
    start();
    appendWrites(100, 3000);
    driver.force();
    try (LogCursor cursor = log.cursor(10)) {
      log.free(101);
      driver.pass(10_000_000);
      assertTrue(log.first() <= 10);
      for (int lsn = 10; lsn <= 100; lsn++) {
        assertEquals(lsn, view(driver.next(cursor)).lsn());
      }
    }
    driver.until("freed", () -> log.first() > 50);
  }

  @Test
  void aCursorFollowsTheEnd() throws IOException {
    start();
    try (LogCursor cursor = log.cursor(1)) {
      assertNull(cursor.next());
      for (int i = 1; i <= 200; i++) {
        appendWrites(1, 1500);
        assertNull(cursor.next(), "what is only staged is not given out");
        driver.write();
        assertEquals(i, cursor.lsn());
        assertEquals(write(1, i * 4096L, 1500, i), view(driver.next(cursor)).change());
      }
      assertEquals(201, cursor.lsn());
    }
  }

  @Test
  void cursorsBeginWithinTheLogOnly() throws IOException {
    start();
    appendWrites(3, 10);
    assertThrows(IllegalArgumentException.class, () -> log.cursor(0));
    assertThrows(IllegalArgumentException.class, () -> log.cursor(5));
    log.cursor(4).close();
  }

  @Test
  void knowsItsPositionAtEveryRecord() throws IOException {
    start();
    List<LogPosition> positions = new ArrayList<>();
    positions.add(LogPosition.START);
    for (int i = 0; i < 60; i++) {
      appendWrites(1, 3000);
      positions.add(log.last());
    }
    assertEquals(Optional.empty(), log.positionAt(1), "not appended yet");
    driver.write();
    for (int round = 0; round < 2; round++) {
      for (int lsn = 0; lsn <= 60; lsn++) {
        assertEquals(Optional.of(positions.get(lsn)), log.positionAt(lsn));
      }
      assertEquals(Optional.empty(), log.positionAt(61));
      assertEquals(Optional.empty(), log.positionAt(-1));
      reopen();
    }
  }

  @Test
  void aCutEndsTheLogForGood() throws IOException {
    start();
    appendWrites(60, 3000);
    LogPosition at30 = null;
    driver.write();
    at30 = log.positionAt(30).orElseThrow();
    assertEquals(at30, log.cut(30, "aside"));
    assertEquals(at30, log.last());
    assertEquals(30, log.appended());
    assertEquals(30, log.forced());
    requireWrites(1, 30, 3000);
    log.append(List.of(write(9, 9, 9, 9)), new Epoch(2, 2), 9);
    driver.force();
    assertNotEquals(at30.chain(), log.last().chain());
    die();
    assertEquals(31, log.last().lsn());
    requireWrites(1, 30, 3000);
    assertEquals(write(9, 9, 9, 9), view(driver.records(31, 31).getFirst()).change());
    assertEquals(log.last(), log.cut(31, "aside"), "nothing is behind it");
    assertEquals(log.last(), log.cut(99, "aside"), "nothing is behind it");
  }

  @Test
  void aCutEndsAtAWholeAppend() throws IOException {
    start();
    appendWrites(3, 100);
    log.append(List.of(write(1, 0, 10, 1), write(2, 0, 10, 2), write(3, 0, 10, 3)), EPOCH, 7);
    driver.write();
    assertEquals(3, log.cut(5, "aside").lsn());
    assertEquals(3, log.last().lsn());
    assertEquals(0, log.cut(0, "aside").lsn());
    assertEquals(LogPosition.START, log.last());
    assertEquals(1, log.first());
  }

  @Test
  void aCutLeavesNoCursorBehindIt() throws IOException {
    start();
    appendWrites(10, 100);
    driver.write();
    try (LogCursor before = log.cursor(3);
        LogCursor at = log.cursor(6);
        LogCursor behind = log.cursor(8)) {
      log.cut(5, "aside");
      assertThrows(IllegalStateException.class, behind::next);
      log.append(List.of(write(9, 9, 9, 9)), EPOCH, 9);
      driver.write();
      assertEquals(write(9, 9, 9, 9), view(driver.next(at)).change());
      for (int lsn = 3; lsn <= 5; lsn++) {
        assertEquals(write(1, lsn * 4096L, 100, lsn), view(driver.next(before)).change());
      }
      assertEquals(write(9, 9, 9, 9), view(driver.next(before)).change());
    }
  }

  /** Appends, forces, frees, cuts, reads, closes and deaths at random, beside a model. */
  @Test
  void agreesWithAModelOverRandomCalls() throws IOException {
    for (long seed = 1; seed <= randomRuns(); seed++) {
      String name = "random-" + seed;
      try {
        randomCalls(name, new SplittableRandom(seed));
      } catch (AssertionError | RuntimeException | IOException e) {
        throw new AssertionError("seed " + seed + ": " + e, e);
      }
    }
    log = null;
  }

  /** How many seeds the random test runs; a store whose opening is slow may run fewer. */
  protected int randomRuns() {
    return 20;
  }

  private void randomCalls(String name, SplittableRandom random) throws IOException {
    use(create(name, LogPosition.START));
    List<Change> model = new ArrayList<>();
    List<Long> ends = new ArrayList<>(List.of(0L));
    int epoch = 1;
    for (int step = 0; step < 120; step++) {
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3, 4 -> {
          List<Change> changes = new ArrayList<>();
          for (int i = random.nextInt(1, 5); i > 0; i--) {
            int length = random.nextInt(8) == 0 ? 40_000 : random.nextInt(1, 6000);
            changes.add(
                write(random.nextInt(4), random.nextInt(50_000), length, random.nextLong()));
          }
          log.append(changes, new Epoch(epoch, 1), step);
          model.addAll(changes);
          ends.add((long) model.size());
        }
        case 5 -> driver.write();
        case 6 -> driver.force();
        case 7 -> log.free(random.nextLong(Math.max(1, log.forced() - 20) + 1));
        case 8 -> {
          if (log.last().lsn() >= log.first()) {
            long lsn = random.nextLong(log.first(), log.last().lsn() + 1);
            Change.Write change = (Change.Write) model.get((int) lsn - 1);
            int length = random.nextInt(1, change.data().remaining() + 1);
            int from = random.nextInt(change.data().remaining() - length + 1);
            assertArrayEquals(
                Arrays.copyOfRange(change.data().array(), from, from + length),
                driver.payload(lsn, change.volume(), from, length));
          }
        }
        case 9 -> {
          log.close();
          use(open(name));
        }
        case 10 -> {
          driver.write();
          use(openAfterDeath(name));
        }
        default -> {
          long lsn = log.last().lsn() - random.nextInt(10);
          if (random.nextInt(4) == 0 && lsn >= log.first() - 1) {
            long end = log.cut(lsn, "aside").lsn();
            ends.removeIf(known -> known > lsn);
            long whole = ends.getLast() < log.first() - 1 ? log.first() - 1 : ends.getLast();
            assertEquals(whole, end);
            model.subList((int) end, model.size()).clear();
            epoch++;
          }
        }
      }
      assertEquals(model.size(), log.last().lsn());
    }
    driver.write();
    long lsn = log.first();
    for (byte[] record : driver.records(lsn, model.size())) {
      assertEquals(model.get((int) lsn - 1), view(record).change(), "lsn " + lsn);
      lsn++;
    }
    log.close();
  }
}
