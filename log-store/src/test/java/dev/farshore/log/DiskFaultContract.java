package dev.farshore.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.StoredLog.Ending;
import dev.farshore.log.StoredLog.Found;
import dev.farshore.log.disk.DiskFaults.Call;
import dev.farshore.log.disk.DiskFaults.PowerLoss;
import dev.farshore.log.disk.DiskFullException;
import dev.farshore.log.disk.SimulatedPlatter;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Logs on a disk that fails while they are used. {@code -Dfarshore.contract.stride=1} tries every
 * sector.
 */
abstract class DiskFaultContract {
  private static final int SECTOR = 512;
  private static final int STRIDE =
      Math.max(1, Integer.getInteger("farshore.contract.stride", 797) / 160);

  private KeeperUnderTest keeper;

  /** What was appended by {@link #work}, and what was said of it. */
  private final List<Long> ends = new ArrayList<>();

  private long forced;
  private long appended;

  abstract KeeperUnderTest keeper() throws IOException;

  @BeforeEach
  void openKeeper() throws IOException {
    keeper = keeper();
  }

  @AfterEach
  void closeKeeper() throws IOException {
    keeper.close();
  }

  private SimulatedPlatter platter() {
    return keeper.platter().orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void anUnreadableSectorIsNeverTakenForATornTail(Ending ending) throws IOException {
    StoredLog log = StoredLog.written(keeper, ending);
    int refused = 0;
    int damaged = 0;
    for (long at = 0; at < log.totalBytes(); at += (long) STRIDE * SECTOR) {
      keeper.lay(log.files());
      String file = log.fileAt(at).orElseThrow();
      int offset = log.offsetAt(at) / SECTOR * SECTOR;
      platter().makeUnreadable(file, offset, SECTOR);
      Found found;
      try {
        found = log.examine(keeper);
      } catch (IOException | AssertionError e) {
        throw new AssertionError("sector at " + offset + " of " + file + ": " + e, e);
      }
      refused += found == Found.REFUSED ? 1 : 0;
      damaged += found == Found.DAMAGED_RECORD ? 1 : 0;
      assertTrue(found != Found.SHORTER, "cut at " + offset + " of " + file);
    }
    assertTrue(refused + damaged > 20, refused + " refused, " + damaged + " damaged");
  }

  /** Some appends, forced now and then, freed and closed. */
  private void work() throws IOException {
    ends.clear();
    ends.add(0L);
    forced = 0;
    appended = 0;
    SegmentLog log = keeper.logs(platter().mount()).create(StoredLog.NAME, LogPosition.START);
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < 16; i++) {
      for (int j = 0; j < 4; j++) {
        StoredLog.append(log, random, ends);
        step(log, 2);
      }
      log.requestForce();
      step(log, 6);
      log.free(log.forced() - 20);
    }
    log.close();
    forced = log.last().lsn();
  }

  private void step(SegmentLog log, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      log.poll(1_000_000L * (i + ends.size() * 100L));
      forced = Math.max(forced, log.forced());
      appended = Math.max(appended, log.appended());
      if (log.failure().isPresent()) {
        requireSilent(log);
        throw new IOException("poisoned", log.failure().get());
      }
    }
  }

  /** A log that has failed acknowledges nothing more, whatever the disk says now. */
  private void requireSilent(SegmentLog log) {
    long wasForced = log.forced();
    long wasAppended = log.appended();
    platter().faults().heal();
    assertThrows(
        IOException.class, () -> StoredLog.append(log, new SplittableRandom(1), new ArrayList<>()));
    log.requestForce();
    for (int i = 0; i < 20; i++) {
      log.poll(i * 100_000_000L);
    }
    assertEquals(wasForced, log.forced());
    assertEquals(wasAppended, log.appended());
  }

  /**
   * Opens the log and holds it to what was promised.
   *
   * @param floor LSN up to which everything must be there
   */
  private void requirePromises(long floor) throws IOException {
    SegmentLog log;
    try {
      log = keeper.logs(keeper.mount()).open(StoredLog.NAME);
    } catch (java.io.FileNotFoundException | java.nio.file.NoSuchFileException e) {
      assertEquals(0, appended, "the log is gone");
      return;
    }
    long end = log.last().lsn();
    assertTrue(end >= floor, "ends at " + end + ", and was promised up to " + floor);
    assertTrue(ends.contains(end), end + " is no end of an append");
    assertEquals(end, log.forced());
    new LogDriver(log).records(log.first(), end);
    // What it says is so is so after a power cut, too (L6).
    platter().powerCut();
    log = keeper.logs(keeper.mount()).open(StoredLog.NAME);
    assertEquals(end, log.last().lsn());
    new LogDriver(log).records(log.first(), end);
    log.close();
  }

  @Test
  void thePowerMayGoOffAtAnyCall() throws IOException {
    long call = 1;
    for (boolean off = true; off; call++) {
      keeper.lay(new TreeMap<>());
      platter().faults().losePowerAt(call);
      off = false;
      try {
        work();
      } catch (PowerLoss e) {
        off = true;
      }
      platter().powerCut();
      // And again, while the log is recovered.
      platter().faults().losePowerAt(1 + call % 30);
      try {
        keeper.logs(platter().mount()).open(StoredLog.NAME);
      } catch (PowerLoss | IOException expected) {
        assertTrue(
            expected instanceof PowerLoss || appended == 0, "at call " + call + ": " + expected);
      }
      platter().powerCut();
      try {
        requirePromises(forced);
      } catch (IOException | AssertionError e) {
        throw new AssertionError("power off at call " + call + ": " + e, e);
      }
    }
    assertTrue(call > 100, "only " + call + " calls");
  }

  @ParameterizedTest
  @EnumSource(
      value = Call.class,
      names = {"WRITE", "FORCE", "DIRECTORY"})
  void nothingIsAcknowledgedAfterACallThatFailed(Call kind) throws IOException {
    long call = 1;
    for (boolean failed = true; failed; call++) {
      keeper.lay(new TreeMap<>());
      platter().faults().failOnce(EnumSet.of(kind), call);
      try {
        work();
      } catch (IOException e) {
        assertEquals(1, platter().faults().failures(), e.toString());
      }
      failed = platter().faults().failures() > 0;
      platter().faults().heal();
      // What the page cache merely claims is gone when it is asked again.
      platter().processDeath();
      platter().dropCaches();
      try {
        requirePromises(forced);
      } catch (IOException | AssertionError e) {
        throw new AssertionError(kind + " " + call + ": " + e, e);
      }
    }
    assertTrue(call > 5, "only " + call + " calls");
  }

  /** Every size from nothing to enough: refusals say so, and what was appended stays. */
  @Test
  void onAFullDiskItRefusesAppendsAndGoesOnWhenThereIsRoom() throws IOException {
    int created = 0;
    for (int pages = 0; pages <= 90; pages += 3) {
      keeper.lay(new TreeMap<>());
      platter().setCapacity(pages * 4096L);
      try {
        created += fill(pages) ? 1 : 0;
      } catch (IOException | AssertionError e) {
        throw new AssertionError(pages + " pages: " + e, e);
      }
    }
    assertTrue(created > 10 && created < 30, created + " of 31 disks could hold a log");
  }

  private boolean fill(int pages) throws IOException {
    SegmentLogs logs = keeper.logs(keeper.mount());
    SegmentLog log;
    try {
      log = logs.create(StoredLog.NAME, LogPosition.START);
    } catch (DiskFullException e) {
      platter().setCapacity(Long.MAX_VALUE);
      keeper.logs(keeper.mount()).create(StoredLog.NAME, LogPosition.START).close();
      return false;
    }
    ends.clear();
    ends.add(0L);
    LogDriver driver = new LogDriver(log);
    SplittableRandom random = new SplittableRandom(pages);
    int refused = 0;
    for (int i = 0; i < 150 && refused == 0; i++) {
      try {
        StoredLog.append(log, random, ends);
      } catch (DiskFullException e) {
        refused++;
      }
      log.requestForce();
      driver.pass(2_000_000);
      assertTrue(log.failure().isEmpty(), () -> "a full disk is no failure: " + log.failure());
    }
    assertTrue(refused > 0, "the disk was never full");
    long kept = log.forced();
    platter().processDeath();
    // It may not open while there is no room, but nothing is lost by the attempt.
    try {
      SegmentLog full = keeper.logs(platter().mount()).open(StoredLog.NAME);
      assertTrue(full.last().lsn() >= kept);
    } catch (DiskFullException expected) {
      assertFalse(platter().names().isEmpty());
    }
    platter().processDeath();
    platter().setCapacity(Long.MAX_VALUE);
    SegmentLog again = keeper.logs(platter().mount()).open(StoredLog.NAME);
    assertTrue(again.last().lsn() >= kept, again.last() + ", and was forced up to " + kept);
    assertTrue(ends.contains(again.last().lsn()));
    LogDriver roomy = new LogDriver(again);
    roomy.records(again.first(), again.last().lsn());
    StoredLog.append(again, random, ends);
    roomy.force();
    again.close();
    return true;
  }

  /** Room that comes back while the log is open is used without a restart. */
  @Test
  void goesOnByItselfWhenThereIsRoomAgain() throws IOException {
    keeper.lay(new TreeMap<>());
    SegmentLog log = keeper.logs(keeper.mount()).create(StoredLog.NAME, LogPosition.START);
    LogDriver driver = new LogDriver(log);
    driver.pass(10_000_000);
    platter().setCapacity(platter().usedBytes());
    ends.add(0L);
    SplittableRandom random = new SplittableRandom(3);
    assertThrows(
        DiskFullException.class,
        () -> {
          while (true) {
            StoredLog.append(log, random, ends);
            log.requestForce();
            driver.pass(2_000_000);
          }
        });
    platter().setCapacity(Long.MAX_VALUE);
    driver.pass(2_000_000_000L);
    for (int i = 0; i < 50; i++) {
      StoredLog.append(log, random, ends);
    }
    driver.force();
    driver.records(1, log.last().lsn());
    // And freeing makes room on a disk that is full.
    platter().setCapacity(platter().usedBytes());
    for (int i = 0; i < 300; i++) {
      StoredLog.append(log, random, ends);
      driver.force();
      log.free(log.last().lsn());
      driver.pass(2_000_000);
    }
    log.close();
  }
}
