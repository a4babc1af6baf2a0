package dev.farshore.log.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.farshore.log.disk.DiskFullException;
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

/** A log whose disk is full, and then is not. */
class FullDiskTest {
  private static final Epoch EPOCH = new Epoch(1, 1);
  private static final LogSettings SETTINGS = new LogSettings("log", 5, 64 << 10, 64 << 10, 1);
  private static final long PATIENCE_NANOS = 5_000_000_000L;

  private final SimulatedPlatter platter =
      new SimulatedPlatter(
          new SplittableRandom(1), new DiskTiming(10_000, 100_000, 300_000, 0, false));
  private final SimulatedDisk disk = platter.mount();
  private long now;

  @Test
  void aLogThatTriesAgainForRoomIsNotDueBeforeItsDiskHasAnswered() throws IOException {
    FileSegmentLog log = FileSegmentLog.create(disk, SETTINGS, LogPosition.START, 7);
    platter.setCapacity(platter.usedBytes() + 1000);
    appendUntilFull(log);
    long begun = now;
    while (now - begun < PATIENCE_NANOS) {
      step(log);
    }
    platter.setCapacity(Long.MAX_VALUE);
    log.requestForce();
    begun = now;
    while (now - begun < PATIENCE_NANOS && log.forced() < log.last().lsn()) {
      step(log);
    }
    assertEquals(log.last().lsn(), log.forced(), "it goes on when there is room");
  }

  private void appendUntilFull(FileSegmentLog log) throws IOException {
    for (int i = 0; i < 1000; i++) {
      ByteBuffer payload = ByteBuffer.allocate(4096);
      try {
        log.append(List.of(new Change.Write(1, i * 4096L, payload)), EPOCH, 0);
      } catch (DiskFullException expected) {
        return;
      }
      step(log);
    }
  }

  /** Polls as an owner does, who would turn for ever if a deadline stayed in the past. */
  private void step(FileSegmentLog log) {
    for (int i = 0; i < 100; i++) {
      boolean completed = disk.poll(now) > 0;
      boolean more = log.poll(now);
      long next = Math.min(disk.nextDeadlineNanos(), log.nextDeadlineNanos());
      if (!completed && !more && next > now) {
        now = Math.min(next, now + 10_000_000);
        return;
      }
    }
    fail("due at " + log.nextDeadlineNanos() + ", and nothing happens at " + now);
  }
}
