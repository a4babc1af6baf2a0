package dev.farshore.log.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.LogDamagedException;
import dev.farshore.log.LogDriver;
import dev.farshore.log.RecoveryReport;
import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.disk.SimulatedDisk;
import dev.farshore.log.disk.SimulatedPlatter;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A sector of the last batch was never written, though its force succeeded, and no later batch says
 * so. It shows zeros, or what an earlier life of the file left there.
 */
class LostSectorTest {
  private static final Epoch EPOCH = new Epoch(1, 1);
  private static final int SECTOR = 512;
  private static final LogSettings SETTINGS = new LogSettings("log", 5, 256 << 10, 64 << 10, 1);

  private SimulatedPlatter platter;
  private String file;
  private int from;
  private int to;

  /** Writes some records, and a last one of so many bytes, forces it, and dies. */
  private void write(int bytes) throws IOException {
    platter = new SimulatedPlatter(new SplittableRandom(1), DiskTiming.SOLID_STATE);
    SimulatedDisk disk = platter.mount();
    FileSegmentLog log = FileSegmentLog.create(disk, SETTINGS, LogPosition.START, 7);
    LogDriver driver = new LogDriver(log);
    for (int i = 0; i < 5; i++) {
      append(log, 3000);
      driver.force();
    }
    file = newest();
    from = end();
    append(log, bytes);
    driver.force();
    to = end();
    disk.close();
    platter.processDeath();
  }

  private static void append(FileSegmentLog log, int bytes) throws IOException {
    byte[] data = new byte[bytes];
    new SplittableRandom(bytes).nextBytes(data);
    log.append(List.of(new Change.Write(1, 0, ByteBuffer.wrap(data))), EPOCH, 0);
  }

  private String newest() throws IOException {
    String found = "";
    for (String name : platter.names()) {
      byte[] live = platter.liveBytes(name);
      if (SegmentFileName.fileNumber("log", name).isPresent()
          && live.length > SegmentSlot.DATA_START
          && live[SegmentSlot.DATA_START + 4] != 0) {
        found = name;
      }
    }
    return found;
  }

  /** Where what was written ends, in whole sectors. */
  private int end() throws IOException {
    byte[] live = platter.liveBytes(file);
    int end = live.length;
    while (live[end - 1] == 0) {
      end--;
    }
    return (end + SECTOR - 1) / SECTOR * SECTOR;
  }

  private void assertTold(int sector, boolean zeros, int bytes) throws IOException {
    byte[] other = new byte[SECTOR];
    if (!zeros) {
      new SplittableRandom(sector).nextBytes(other);
    }
    platter.overwrite(file, sector, other);
    String what = "sector " + sector + " of a record of " + bytes + " bytes, zeros " + zeros;
    try {
      FileSegmentLog log = FileSegmentLog.open(platter.mount(), SETTINGS, 8);
      RecoveryReport report = log.recovery();
      assertTrue(log.last().lsn() >= 5, what);
      boolean whole = log.last().lsn() == 6;
      assertTrue(whole || report.tornBytes() > 0, what + " was cut silently: " + report);
    } catch (LogDamagedException refused) {
      assertTrue(refused.offset() > 0, what);
    }
  }

  @Test
  void aLostSectorOfTheLastBatchIsReported() throws IOException {
    for (int bytes : new int[] {600, 4096, 20_000}) {
      write(bytes);
      int first = from / 4096 * 4096;
      int end = to;
      assertTrue(end > first, first + " to " + end);
      for (int sector = first; sector < end; sector += SECTOR) {
        for (boolean zeros : new boolean[] {true, false}) {
          write(bytes);
          assertTold(sector, zeros, bytes);
        }
      }
    }
  }

  @Test
  void nothingIsReportedWhenNothingWasLost() throws IOException {
    write(4096);
    FileSegmentLog log = FileSegmentLog.open(platter.mount(), SETTINGS, 8);
    assertEquals(6, log.last().lsn());
    assertEquals(0, log.recovery().tornBytes());
  }
}
