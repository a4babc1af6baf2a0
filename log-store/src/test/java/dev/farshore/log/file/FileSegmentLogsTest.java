package dev.farshore.log.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.LogDriver;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskFaults.PowerLoss;
import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.disk.SimulatedPlatter;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FileSegmentLogsTest {
  private static final int SEGMENT_BYTES = 64 << 10;

  private final SimulatedPlatter platter = new SimulatedPlatter(new Random(1), DiskTiming.SHUFFLED);
  private Disk disk = platter.mount();

  private FileSegmentLogs logs() {
    return new FileSegmentLogs(
        disk, new LogSettings("any", 7, SEGMENT_BYTES, 16 << 10, 1), new Random(2));
  }

  private void restart() {
    platter.powerCut();
    disk = platter.mount();
  }

  /** A closed log of several files. */
  private LogPosition written(String name, int records) throws IOException {
    try (SegmentLog log = logs().create(name, LogPosition.START)) {
      append(log, records);
      return log.last();
    }
  }

  private static void append(SegmentLog log, int records) throws IOException {
    for (int i = 0; i < records; i++) {
      Change change = new Change.Write(1, 0, ByteBuffer.allocate(20_000));
      log.append(List.of(change), new Epoch(1, 1), 0);
    }
    new LogDriver(log).force();
  }

  private LogPosition end(String name) throws IOException {
    try (SegmentLog log = logs().open(name)) {
      return log.last();
    }
  }

  @Test
  void aLogThatIsSetAsideIsThereUnderTheNewNameOnly() throws IOException {
    LogPosition end = written("log", 10);
    assertTrue(logs().exists("log"));
    logs().setAside("log", "old");
    restart();
    assertFalse(logs().exists("log"));
    assertThrows(NoSuchFileException.class, () -> logs().open("log"));
    assertEquals(end, end("old"));
    logs().setAside("log", "old");
    assertEquals(end, end("old"));
  }

  @Test
  void neverOverwritesALogThatWasSetAsideBefore() throws IOException {
    LogPosition older = written("log", 10);
    logs().setAside("log", "old");
    LogPosition newer = written("log", 4);
    assertThrows(FileAlreadyExistsException.class, () -> logs().setAside("log", "old"));
    assertEquals(older, end("old"));
    assertEquals(newer, end("log"));
  }

  @Test
  void goesOnWithASettingAsideThatLostItsPowerAtAnyCall() throws IOException {
    for (int call = 1; call <= 12; call++) {
      String name = "log" + call;
      LogPosition end = written(name, 12);
      platter.faults().losePowerAt(call);
      try {
        logs().setAside(name, "old" + call);
      } catch (PowerLoss expected) {
        restart();
      }
      platter.faults().heal();
      logs().setAside(name, "old" + call);
      assertFalse(logs().exists(name));
      assertEquals(end, end("old" + call));
    }
  }

  /** Its slots say that it may be used; were the device to fail meanwhile, its size would lie. */
  @Test
  void aFileWithSlotsNeverGrows() throws IOException {
    written("log", 10);
    Map<String, Long> sizes = new TreeMap<>();
    int shortened = 0;
    for (int round = 0; round < 12; round++) {
      try (SegmentLog log = logs().open("log")) {
        append(log, 1 + round % 3);
        log.free(log.last().lsn());
        new LogDriver(log).pass(20_000_000);
      }
      Map<String, Long> now = new TreeMap<>();
      for (String file : platter.names()) {
        now.put(file, (long) platter.liveBytes(file).length);
        long before = sizes.getOrDefault(file, Long.MAX_VALUE);
        assertTrue(now.get(file) <= before, file + " grew from " + before + " in round " + round);
        shortened += now.get(file) < SEGMENT_BYTES ? 1 : 0;
      }
      sizes = now;
    }
    assertTrue(shortened > 0, "no file was ever shortened, so none could grow");
  }
}
