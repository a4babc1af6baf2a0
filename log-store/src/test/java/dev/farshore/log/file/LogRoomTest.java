package dev.farshore.log.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.LogCursor;
import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.disk.SimulatedDisk;
import dev.farshore.log.disk.SimulatedPlatter;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Where a log finds files and memory for what is appended. */
class LogRoomTest {
  private static final Epoch EPOCH = new Epoch(1, 1);
  private static final LogSettings SETTINGS = new LogSettings("log", 5, 64 << 10, 64 << 10, 1);
  private static final int SEGMENT_PAYLOAD = 48 << 10;
  private static final long STEP_NANOS = 1_000_000;
  private static final long SHORT_NANOS = 100_000_000;
  private static final long LONG_NANOS = 1_000_000_000;

  private final SimulatedPlatter platter =
      new SimulatedPlatter(
          new SplittableRandom(1), new DiskTiming(10_000, 100_000, 300_000, 0, false));
  private final SimulatedDisk disk = platter.mount();
  private final FileSegmentLog log = create();
  private long now;

  private FileSegmentLog create() {
    try {
      return FileSegmentLog.create(disk, SETTINGS, LogPosition.START, 7);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void makesAnotherFileAtOnceWhenNothingIsFreed() throws IOException {
    appendSegments(2);
    append(SEGMENT_PAYLOAD);
    pass(SHORT_NANOS);
    assertEquals(3, log.appended());
  }

  @Test
  void takesTheFileThatIsFreedSoonRatherThanMakeAnother() throws IOException {
    waitForTheThirdSegment();
    pass(SHORT_NANOS);
    assertEquals(2, log.appended(), "it waits");
    log.free(2);
    pass(SHORT_NANOS);
    assertEquals(3, log.appended());
    assertEquals(2, disk.list().size());
  }

  @Test
  void doesNotWaitForEverForWhatIsNotFreed() throws IOException {
    waitForTheThirdSegment();
    pass(LONG_NANOS);
    assertEquals(3, log.appended());
    assertTrue(disk.list().size() > 2);
  }

  @Test
  void closesWhileItWaitsForASegment() throws IOException {
    waitForTheThirdSegment();
    log.close();
    assertEquals(3, FileSegmentLog.open(disk, SETTINGS, 8).last().lsn());
  }

  @Test
  void aRecordThatIsHeldStaysAsItIsWhateverIsAppended() throws IOException {
    append(4096);
    pass(SHORT_NANOS);
    List<LogCursor.Hold> holds = new ArrayList<>();
    ByteBuffer held;
    ByteBuffer copy;
    try (LogCursor cursor = log.cursor(1)) {
      held = cursor.next();
      copy = ByteBuffer.allocate(held.remaining()).put(held.duplicate()).flip();
      cursor.hold().ifPresent(holds::add);
    }
    assertEquals(1, holds.size(), "it has just been appended");
    for (int i = 0; i < 100; i++) {
      append(4096);
      pass(STEP_NANOS);
    }
    assertEquals(copy, held);
    holds.forEach(LogCursor.Hold::release);
  }

  /** There are two files, both are full, and a third record is staged. */
  private void waitForTheThirdSegment() throws IOException {
    appendSegments(1);
    log.freeingSoon(true);
    appendSegments(1);
    append(SEGMENT_PAYLOAD);
  }

  /** Appends so many records that fill a segment each, and has them forced. */
  private void appendSegments(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      append(SEGMENT_PAYLOAD);
      log.requestForce();
      pass(20 * STEP_NANOS);
    }
  }

  private void append(int payload) throws IOException {
    byte[] bytes = new byte[payload];
    new SplittableRandom(log.last().lsn()).nextBytes(bytes);
    log.append(List.of(new Change.Write(1, 0, ByteBuffer.wrap(bytes))), EPOCH, 0);
  }

  private void pass(long nanos) {
    for (long end = now + nanos; now < end; now += STEP_NANOS) {
      do {
        disk.poll(now);
      } while (log.poll(now));
    }
  }
}
