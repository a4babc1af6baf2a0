package dev.farshore.log.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.LogCursor;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.SegmentLogs;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.disk.SimulatedDisk;
import dev.farshore.log.disk.SimulatedPlatter;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log whose process dies and whose power is cut, again and again. */
class RepeatedCrashTest {
  private static final int ROUNDS = 3;

  private final Random random = new Random(1);
  private long nowNanos;

  private SegmentLogs logs(Disk disk) {
    return new FileSegmentLogs(disk, new LogSettings("any", 7, 64 << 10, 16 << 10, 1), random);
  }

  private static DiskTiming timing(boolean logWritesAtOnce) {
    return new DiskTiming(0, 0, 0, 1_000_000, logWritesAtOnce);
  }

  /** A file that a process made before it died has a name that a power cut can still take away. */
  @ParameterizedTest(name = "log writes at once: {0}")
  @ValueSource(booleans = {true, false})
  void keepsWhatSurvivedOneCrashThroughTheNext(boolean logWritesAtOnce) throws IOException {
    for (long seed = 1; seed <= 150; seed++) {
      random.setSeed(seed);
      SimulatedPlatter platter = new SimulatedPlatter(new Random(seed), timing(logWritesAtOnce));
      SegmentLog log = logs(platter.mount()).create("log", LogPosition.START);
      for (int round = 0; round < ROUNDS; round++) {
        work(log);
        long kept = crash(platter, log);
        SimulatedDisk disk = platter.mount();
        log = logs(disk).open("log");
        assertTrue(log.last().lsn() >= kept, "seed " + seed + ": " + kept + ", " + log.last());
        assertEquals(1, log.first(), "seed " + seed);
        readAll(log, disk);
      }
    }
  }

  private void work(SegmentLog log) throws IOException {
    for (int i = 0; i < 10; i++) {
      if (random.nextInt(3) > 0) {
        ByteBuffer data = ByteBuffer.allocate(1 + random.nextInt(20_000));
        log.append(List.of(new Change.Write(1, 0, data)), new Epoch(1, 1), 0);
      }
      if (random.nextInt(3) == 0) {
        log.requestForce();
      }
      for (int polls = random.nextInt(5); polls > 0; polls--) {
        nowNanos += random.nextInt(200_000);
        log.poll(nowNanos);
      }
    }
  }

  /** LSN up to which everything has to survive. */
  private long crash(SimulatedPlatter platter, SegmentLog log) {
    if (random.nextBoolean()) {
      platter.processDeath();
      return log.appended();
    }
    platter.powerCut();
    return log.forced();
  }

  private static void readAll(SegmentLog log, SimulatedDisk disk) throws IOException {
    try (LogCursor cursor = log.cursor(1)) {
      while (cursor.lsn() <= log.appended()) {
        if (cursor.next() == null) {
          disk.await();
        }
      }
    }
  }
}
