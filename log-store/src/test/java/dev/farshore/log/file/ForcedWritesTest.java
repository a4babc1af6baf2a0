package dev.farshore.log.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.disk.SimulatedDisk;
import dev.farshore.log.disk.SimulatedPlatter;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a force covers when writes and forces overlap on a disk that takes its time for both. */
class ForcedWritesTest {
  private static final Epoch EPOCH = new Epoch(1, 1);
  private static final long WRITE_NANOS = 1_000;
  private static final long FORCE_NANOS = 300;
  private static final LogSettings SETTINGS = new LogSettings("log", 5, 64 << 10, 64 << 10, 1);

  private final SimulatedPlatter platter =
      new SimulatedPlatter(
          new SplittableRandom(1), new DiskTiming(0, WRITE_NANOS, FORCE_NANOS, 0, false));

  @Test
  void aWriteThatWasUnderWayWhenAForceBeganIsForcedByTheNextOne() throws IOException {
    SimulatedDisk disk = platter.mount();
    FileSegmentLog log = FileSegmentLog.create(disk, SETTINGS, LogPosition.START, 7);
    log.append(List.of(new Change.Mark("one")), EPOCH, 0);
    log.requestForce();
    step(disk, log, 0);
    log.append(List.of(new Change.Mark("two")), EPOCH, 0);
    step(disk, log, WRITE_NANOS);
    assertEquals(1, log.appended(), "two is under way, and a force of one too");
    step(disk, log, WRITE_NANOS + FORCE_NANOS);
    assertEquals(1, log.forced());
    step(disk, log, 2 * WRITE_NANOS);
    assertEquals(2, log.appended());
    log.requestForce();
    step(disk, log, 3 * WRITE_NANOS);
    step(disk, log, 3 * WRITE_NANOS + FORCE_NANOS);
    assertEquals(2, log.forced());

    SimulatedDisk found = platter.durableCopy(new SplittableRandom(2)).mount();
    assertEquals(2, FileSegmentLog.open(found, SETTINGS, 8).last().lsn());
  }

  private static void step(SimulatedDisk disk, FileSegmentLog log, long now) {
    disk.poll(now);
    log.poll(now);
  }
}
