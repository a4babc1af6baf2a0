package dev.farshore.log.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.LogCursor;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.SegmentLog.ReplicaOutcome;
import dev.farshore.log.disk.DiskFaults;
import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.disk.SimulatedDisk;
import dev.farshore.log.disk.SimulatedPlatter;
import dev.farshore.log.record.Chain;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordEncoder;
import dev.farshore.log.record.RecordHead;
import dev.farshore.log.record.RecordView;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * A log on a simulated disk that may fail, and beside it a model of what the log may be after any
 * crash: some first appends of everything staged, at least what it ever said was forced (L2); cut
 * short only by a cut that was called (L3).
 */
final class CrashedLog {

  static final long GROUP = 77;
  private static final long STEP_NANOS = 100_000;
  private static final int PATIENCE = 5_000;

  /** What was appended, and up to where it must still be there. */
  private record Timeline(List<Change> changes, List<Integer> appendEnds, int floor) {

    /** {@code end} may lie within an append whose first records were freed. */
    Timeline cutAt(int end) {
      List<Integer> ends = new ArrayList<>(appendEnds.stream().filter(e -> e < end).toList());
      ends.add(end);
      return new Timeline(new ArrayList<>(changes.subList(0, end)), ends, end);
    }

    Timeline withFloor(long forced) {
      return new Timeline(changes, appendEnds, (int) Math.max(floor, forced));
    }
  }

  final SimulatedPlatter platter;
  final SplittableRandom random;
  private final LogSettings settings;
  private SimulatedDisk disk;
  private FileSegmentLog log;
  private Timeline timeline = new Timeline(new ArrayList<>(), new ArrayList<>(List.of(0)), 0);

  /** The timeline that a cut under way leads to; the same as the other when there is none. */
  private Timeline afterCut = timeline;

  private boolean created;
  private long nowNanos;
  private int asides;
  private int epoch = 1;

  CrashedLog(long seed, DiskTiming timing) {
    random = new SplittableRandom(seed);
    platter = new SimulatedPlatter(random.split(), timing);
    settings = new LogSettings("log", GROUP, 64 << 10, 32 << 10, 1);
  }

  FileSegmentLog log() {
    return log;
  }

  void create() throws IOException {
    disk = platter.mount();
    log = FileSegmentLog.create(disk, settings, LogPosition.START, random.nextLong());
    created = true;
  }

  private void open() throws IOException {
    disk = platter.mount();
    log = FileSegmentLog.open(disk, settings, random.nextLong());
  }

  /** Polls until the condition holds or the log has failed; gives up when nothing happens. */
  void poll(BooleanSupplier condition) throws IOException {
    for (int i = 0; i < PATIENCE && !condition.getAsBoolean(); i++) {
      nowNanos += STEP_NANOS;
      log.poll(nowNanos);
      noteForced();
      if (log.failure().isPresent()) {
        throw log.failure().get();
      }
    }
  }

  private void noteForced() {
    assertTrue(log.forced() <= log.appended() && log.appended() <= log.last().lsn());
    timeline = timeline.withFloor(log.forced());
    afterCut = timeline;
  }

  void append(int count, int length) throws IOException {
    stageOne(count, length);
    poll(() -> log.appended() == log.last().lsn());
  }

  /** Appends several times and does not wait. */
  void stage(int appends, int length) throws IOException {
    for (int i = 0; i < appends; i++) {
      stageOne(1, length);
    }
    log.requestForce();
    poll(() -> false, random.nextInt(20));
  }

  /** Takes an append over as records of another site, of which the last may not arrive. */
  void replicate(int count) throws IOException {
    LogPosition position = log.last();
    List<Change> changes = changes(count, 2_000);
    RecordEncoder encoder = new RecordEncoder();
    Chain chain = position.chain();
    boolean whole = random.nextBoolean();
    for (int i = 0; i < (whole ? count : count - 1); i++) {
      ByteBuffer record = ByteBuffer.allocate(RecordEncoder.encodedBytes(changes.get(i)));
      RecordHead head =
          new RecordHead(
              GROUP, position.lsn() + 1 + i, new Epoch(epoch, 1), nowNanos, i == 0, i == count - 1);
      chain = encoder.encode(head, changes.get(i), chain, record);
      assertEquals(ReplicaOutcome.APPENDED, log.appendReplica(record.flip()));
    }
    if (whole) {
      appended(changes);
    }
    log.requestForce();
    poll(() -> false, random.nextInt(200));
    if (!whole && count > 1) {
      noteForced();
      afterCut = timeline;
      assertEquals(position.lsn(), log.cut(Long.MAX_VALUE, "aside-" + asides++).lsn());
      epoch++;
    }
  }

  private List<Change> changes(int count, int length) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      changes.add(new Change.Write(i, random.nextInt(9000), ByteBuffer.wrap(bytes)));
    }
    return changes;
  }

  private void stageOne(int count, int length) throws IOException {
    List<Change> changes = changes(count, length);
    log.append(changes, new Epoch(epoch, 1), nowNanos);
    appended(changes);
    assertEquals(timeline.changes().size(), log.last().lsn());
  }

  private void appended(List<Change> changes) {
    timeline.changes().addAll(changes);
    timeline.appendEnds().add(timeline.changes().size());
  }

  void force() throws IOException {
    log.requestForce();
    poll(() -> log.forced() == log.last().lsn());
    assertEquals(log.last().lsn(), log.forced());
  }

  void free() throws IOException {
    log.free(log.forced());
    poll(() -> false, 30);
  }

  private void poll(BooleanSupplier condition, int times) throws IOException {
    int[] left = {times};
    poll(() -> condition.getAsBoolean() || left[0]-- == 0);
  }

  void cut() throws IOException {
    long from = log.first() - 1;
    long lsn = from + random.nextLong(log.last().lsn() - from + 1);
    int end = 0;
    for (int known : timeline.appendEnds()) {
      end = known <= lsn ? known : end;
    }
    end = (int) Math.max(end, from);
    Timeline before = timeline;
    afterCut = timeline.cutAt(end);
    String name = "aside-" + asides++;
    LogPosition now = log.cut(lsn, name);
    assertEquals(end, now.lsn());
    timeline = afterCut;
    epoch++;
    if (end < before.changes().size()) {
      requireAside(name, end, before.changes());
    }
  }

  private void requireAside(String name, int end, List<Change> all) throws IOException {
    FileSegmentLog aside =
        FileSegmentLog.open(disk, new LogSettings(name, GROUP, 64 << 10, 0, 1), random.nextLong());
    assertTrue(aside.recovery().clean());
    assertEquals(all.size(), aside.last().lsn());
    requireRecords(aside, end + 1, all);
    aside.close();
  }

  void reopen() throws IOException {
    FileSegmentLog closing = log;
    log = null;
    closing.close();
    log = closing;
    noteForced();
    assertEquals(timeline.changes().size(), timeline.floor(), "a closed log is forced");
    disk.close();
    open();
    assertTrue(log.recovery().clean());
    assertEquals(timeline.changes().size(), log.last().lsn());
  }

  /** Polls for a while, so that what goes on in the background does. */
  void pass() throws IOException {
    poll(() -> false, 1 + random.nextInt(2_000));
  }

  /** A poisoned log takes no more and confirms no more (L7). */
  void requirePoisoned() {
    if (log != null && log.failure().isPresent()) {
      long forced = log.forced();
      platter.faults().heal();
      log.requestForce();
      for (int i = 0; i < 100; i++) {
        nowNanos += STEP_NANOS;
        log.poll(nowNanos);
      }
      assertEquals(forced, log.forced(), "nothing is confirmed after a failure");
      Change change = new Change.Trim(1, 0, 1);
      assertThrows(IOException.class, () -> log.append(List.of(change), new Epoch(epoch, 1), 0));
    }
  }

  void processDeath() {
    platter.processDeath();
    log = null;
  }

  void powerCut() {
    platter.powerCut();
    log = null;
  }

  /** Opens the log after a crash, on a disk that is well again, and checks what it holds. */
  void recover() throws IOException {
    platter.faults().heal();
    try {
      open();
    } catch (FileNotFoundException e) {
      assertFalse(created, "the log is gone");
      platter.processDeath();
      create();
    }
    created = true;
    int end = (int) log.last().lsn();
    assertEquals(end, log.forced(), "an open log relies on nothing that is not forced");
    assertEquals(end, log.appended());
    assertEquals(end, log.recovery().position().lsn());
    timeline = matching(end).cutAt(end);
    afterCut = timeline;
    requireRecords(log, (int) log.first(), timeline.changes());
    epoch++;
  }

  /**
   * Whether the power went off at the {@code n}-th call of opening the log, before that was done.
   */
  boolean recoveryLosesPowerAt(long n) throws IOException {
    platter.faults().losePowerAt(n);
    boolean lost = false;
    try {
      open();
    } catch (DiskFaults.PowerLoss e) {
      lost = true;
    }
    platter.powerCut();
    return lost;
  }

  private Timeline matching(int end) throws IOException {
    boolean wasCut = end < timeline.floor();
    Timeline held = wasCut || end == afterCut.floor() ? afterCut : timeline;
    assertTrue(end >= held.floor(), "ends at " + end + ", was forced to " + held.floor());
    assertTrue(held.appendEnds().contains(end), end + " is no end of an append");
    return held;
  }

  /** Every record from {@code from} on is the one of the model, and the chain is unbroken. */
  void requireRecords(SegmentLog read, int from, List<Change> changes) throws IOException {
    Chain chain = read.positionAt(from - 1).orElseThrow().chain();
    RecordView view = new RecordView();
    try (LogCursor cursor = read.cursor(from)) {
      for (int lsn = from; lsn <= changes.size(); lsn++) {
        ByteBuffer record = cursor.next();
        while (record == null) {
          assertTrue(disk.await() > 0, "the cursor waits for nothing at lsn " + lsn);
          record = cursor.next();
        }
        view.wrap(record);
        assertTrue(view.verifyHeader() && view.verifyPayload());
        assertEquals(changes.get(lsn - 1), view.change(), "lsn " + lsn);
        assertEquals(view.chainAfter(chain), view.chain(), "lsn " + lsn);
        chain = view.chain();
      }
    }
  }

  void requireSameAs(LogPosition position) {
    assertEquals(position, log.last());
  }

  DiskFaults faults() {
    return platter.faults();
  }
}
