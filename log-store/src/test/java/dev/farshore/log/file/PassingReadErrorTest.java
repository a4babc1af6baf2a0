package dev.farshore.log.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.LogCursor;
import dev.farshore.log.LogDamagedException;
import dev.farshore.log.LogDriver;
import dev.farshore.log.disk.DiskFaults.Call;
import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.disk.SimulatedDisk;
import dev.farshore.log.disk.SimulatedPlatter;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A disk that cannot read for a while, just when somebody looks what lies where in a segment. */
class PassingReadErrorTest {
  private static final Epoch EPOCH = new Epoch(1, 1);
  private static final int RECORDS = 60;
  private static final LogSettings SETTINGS = new LogSettings("log", 5, 64 << 10, 16 << 10, 1);

  private SimulatedPlatter platter;
  private FileSegmentLog log;
  private LogDriver driver;

  @BeforeEach
  void writeAndOpenAgain() throws IOException {
    platter = new SimulatedPlatter(new SplittableRandom(1), DiskTiming.SOLID_STATE);
    SimulatedDisk disk = platter.mount();
    log = FileSegmentLog.create(disk, SETTINGS, LogPosition.START, 7);
    driver = new LogDriver(log);
    for (int i = 1; i <= RECORDS; i++) {
      ByteBuffer data = ByteBuffer.wrap(bytes(i));
      log.append(List.of(new Change.Write(1, i * 4096L, data)), EPOCH, 0);
      driver.write();
    }
    driver.force();
    log.close();
    disk.close();
    log = FileSegmentLog.open(platter.mount(), SETTINGS, 8);
    driver = new LogDriver(log);
    assertEquals(RECORDS, log.last().lsn());
  }

  private static byte[] bytes(int lsn) {
    byte[] bytes = new byte[4096];
    new SplittableRandom(lsn).nextBytes(bytes);
    return bytes;
  }

  private void failReads(int n, boolean sticky) {
    if (sticky) {
      platter.faults().failFrom(EnumSet.of(Call.READ), n);
    } else {
      platter.faults().failOnce(EnumSet.of(Call.READ), n);
    }
  }

  @Test
  void aReadFindsItsRecordOnceTheDiskReadsAgain() throws IOException {
    failReads(1, true);
    assertThrows(LogDamagedException.class, () -> driver.payload(3, 1, 0, 4096));
    assertTrue(platter.faults().failures() > 1);
    platter.faults().heal();
    for (int lsn = 1; lsn <= RECORDS; lsn++) {
      assertArrayEquals(bytes(lsn), driver.payload(lsn, 1, 0, 4096), "lsn " + lsn);
    }
    log.close();
  }

  @Test
  void aCursorGoesOnOnceTheDiskReadsAgain() throws IOException {
    try (LogCursor cursor = log.cursor(1)) {
      failReads(1, true);
      assertThrows(LogDamagedException.class, () -> driver.next(cursor));
      assertThrows(LogDamagedException.class, () -> driver.next(cursor));
      platter.faults().heal();
      for (int lsn = 1; lsn <= RECORDS; lsn++) {
        assertEquals(lsn, cursor.lsn());
        driver.next(cursor);
      }
    }
    log.close();
  }

  @Test
  void aPositionIsFoundOnceTheDiskReadsAgain() throws IOException {
    failReads(1, true);
    assertThrows(IOException.class, () -> log.positionAt(3));
    platter.faults().heal();
    assertEquals(3, log.positionAt(3).orElseThrow().lsn());
    log.close();
  }

  /** A sector that stays unreadable is asked for again and again, and the others are not lost. */
  @Test
  void onlyWhatLiesInAnUnreadableSectorIsDamaged() throws IOException {
    int end = SegmentSlot.DATA_START + 30_000;
    for (int at = SegmentSlot.DATA_START; at < end; at += 9 * 512) {
      writeAndOpenAgain();
      String oldest = platter.names().stream().filter(n -> n.endsWith("segment")).findFirst().get();
      platter.makeUnreadable(oldest, at, 512);
      for (int round = 0; round < 2; round++) {
        int found = 0;
        for (int lsn = 1; lsn <= RECORDS; lsn++) {
          found += isRead(lsn) ? 1 : 0;
        }
        assertTrue(found == RECORDS - 1 || found == RECORDS - 2, "found " + found);
        int given = cursorFrom(1);
        assertTrue(given == found, given + " from cursors, and " + found + " by reads, at " + at);
      }
      log.close();
    }
  }

  private boolean isRead(int lsn) throws IOException {
    try {
      assertArrayEquals(bytes(lsn), driver.payload(lsn, 1, 0, 4096), "lsn " + lsn);
      return true;
    } catch (LogDamagedException expected) {
      return false;
    }
  }

  /** Reads all records, with a new cursor behind each that is damaged. */
  private int cursorFrom(int first) throws IOException {
    int given = 0;
    int lsn = first;
    while (lsn <= RECORDS) {
      try (LogCursor cursor = log.cursor(lsn)) {
        while (lsn <= RECORDS) {
          driver.next(cursor);
          lsn++;
          given++;
        }
      } catch (LogDamagedException expected) {
        lsn++;
      }
    }
    return given;
  }
}
