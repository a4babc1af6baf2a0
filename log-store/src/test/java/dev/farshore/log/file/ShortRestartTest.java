package dev.farshore.log.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.LogDriver;
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

/** Logs that begin or go on in a segment that is shorter than the others. */
class ShortRestartTest {
  private static final Epoch EPOCH = new Epoch(1, 1);
  private static final int SEGMENT_BYTES = 4 << 20;
  private static final LogSettings SETTINGS =
      new LogSettings("log", 5, SEGMENT_BYTES, 256 << 10, 1);

  private final SimulatedPlatter platter =
      new SimulatedPlatter(new SplittableRandom(1), DiskTiming.SOLID_STATE);
  private SimulatedDisk disk = platter.mount();

  private static void append(FileSegmentLog log, int bytes) throws IOException {
    log.append(List.of(new Change.Write(1, 0, ByteBuffer.allocate(bytes))), EPOCH, 0);
  }

  private FileSegmentLog openAfterPowerCut(long lsn) throws IOException {
    platter.powerCut();
    disk = platter.mount();
    FileSegmentLog log = FileSegmentLog.open(disk, SETTINGS, lsn + 100);
    assertEquals(lsn, log.last().lsn());
    new LogDriver(log).records(log.first(), lsn);
    return log;
  }

  @Test
  void whoeverBeginsALogWaitsForAMegabyteOnly() throws IOException {
    FileSegmentLog log = FileSegmentLog.create(disk, SETTINGS, LogPosition.START, 7);
    assertTrue(platter.usedBytes() <= 1 << 20, "used " + platter.usedBytes());
    LogDriver driver = new LogDriver(log);
    for (int i = 0; i < 300; i++) {
      append(log, 40_000);
      driver.write();
    }
    driver.force();
    assertTrue(platter.names().size() >= 4, platter.names().toString());
    log = openAfterPowerCut(300);
    log.close();
  }

  @Test
  void anAppendThatIsLongerThanAShortSegmentGoesIntoIt() throws IOException {
    FileSegmentLog log = FileSegmentLog.create(disk, SETTINGS, LogPosition.START, 7);
    append(log, 3 << 20);
    append(log, 3 << 20);
    new LogDriver(log).force();
    log = openAfterPowerCut(2);
    append(log, 3 << 20);
    append(log, 100);
    new LogDriver(log).force();
    log = openAfterPowerCut(4);
    log.close();
  }

  @Test
  void aCutGoesOnInOne() throws IOException {
    FileSegmentLog log = FileSegmentLog.create(disk, SETTINGS, LogPosition.START, 7);
    LogDriver driver = new LogDriver(log);
    for (int i = 0; i < 200; i++) {
      append(log, 40_000);
      driver.write();
    }
    for (long end = 150; end > 100; end -= 20) {
      assertEquals(end, log.cut(end, "aside" + end).lsn());
      append(log, 100_000);
      driver.force();
      log = openAfterPowerCut(end + 1);
      driver = new LogDriver(log);
    }
    log.close();
  }
}
