package dev.farshore.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.record.Chain;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of appends: their numbers, their way to the disk, and what survives. */
abstract class AppendContract extends LogContract {

  @Test
  void numbersRecordsFromOneWithoutGaps() throws IOException {
    start();
    assertEquals(LogPosition.START, log.last());
    assertEquals(1, log.first());
    assertEquals(1, log.append(List.of(write(1, 0, 10, 1)), EPOCH, 5));
    assertEquals(3, log.append(List.of(write(1, 0, 9, 2), write(2, 0, 9, 3)), EPOCH, 6));
    assertEquals(3, log.last().lsn());
    driver.write();
    List<byte[]> records = driver.records(1, 3);
    Chain chain = Chain.EMPTY;
    for (byte[] record : records) {
      chain = view(record).chainAfter(chain);
      assertEquals(chain, view(record).chain());
      assertEquals(GROUP, view(record).group());
      assertEquals(EPOCH, view(record).epoch());
    }
    assertEquals(new LogPosition(3, EPOCH, chain), log.last());
    assertTrue(view(records.get(0)).firstOfAppend() && view(records.get(0)).lastOfAppend());
    assertTrue(view(records.get(1)).firstOfAppend() && !view(records.get(1)).lastOfAppend());
    assertTrue(!view(records.get(2)).firstOfAppend() && view(records.get(2)).lastOfAppend());
  }

  @Test
  void comesFromStagedOverAppendedToForced() throws IOException {
    start();
    appendWrites(3, 100);
    assertEquals(0, log.appended());
    assertEquals(0, log.forced());
    assertTrue(log.stagedBytes() > 300);
    assertEquals(log.stagedBytes(), log.encodedBytes());
    driver.write();
    assertEquals(0, log.stagedBytes());
    assertEquals(0, log.forced(), "nobody asked for a force");
    driver.force();
    appendWrites(1, 100);
    driver.write();
    assertEquals(3, log.forced());
    log.requestForce();
    log.requestForce();
    driver.until("forced", () -> log.forced() == 4);
  }

  @Test
  void keepsEverythingOverClosingAndOverTheDeathOfItsProcess() throws IOException {
    start();
    appendWrites(50, 3000);
    reopen();
    assertEquals(50, log.last().lsn());
    assertEquals(50, log.appended());
    assertEquals(50, log.forced());
    assertTrue(log.recovery().clean());
    assertEquals(log.last(), log.recovery().position());
    appendWrites(50, 3000);
    driver.write();
    LogPosition last = log.last();
    die();
    assertEquals(last, log.last());
    assertEquals(last.lsn(), log.forced());
    assertFalse(log.recovery().clean());
    requireWrites(1, 100, 3000);
    appendWrites(50, 3000);
    reopen();
    requireWrites(1, 150, 3000);
    requireWrites(77, 150, 3000);
  }

  @Test
  void beginsAfterAGivenPosition() throws IOException {
    LogPosition start = new LogPosition(1000, new Epoch(3, 2), new Chain(7, 8));
    use(store.create("log", start));
    assertEquals(start, log.last());
    assertEquals(1001, log.first());
    assertEquals(Optional.of(start), log.positionAt(1000));
    assertThrows(
        IllegalArgumentException.class,
        () -> log.append(List.of(write(1, 0, 1, 1)), new Epoch(2, 9), 0));
    assertEquals(1001, log.append(List.of(write(1, 0, 1, 1)), new Epoch(3, 2), 0));
    driver.force();
    assertEquals(new Chain(7, 8), start.chain());
    assertEquals(
        view(driver.records(1001, 1001).getFirst()).chainAfter(start.chain()), log.last().chain());
    reopen();
    assertEquals(1001, log.last().lsn());
    assertEquals(Optional.of(start), log.positionAt(1000));
  }

  @Test
  void carriesEveryKindOfChange() throws IOException {
    start();
    List<Change> changes =
        List.of(
            new Change.EpochStart(Epoch.NONE),
            new Change.VolumeCreate(1, "disk", 1 << 30),
            write(1, 77, 5000, 1),
            new Change.Zero(1, 4096, 1 << 20),
            new Change.Trim(1, 0, 1 << 29),
            new Change.VolumeResize(1, 1 << 29),
            new Change.DegradedSpan(false),
            new Change.Mark("here"),
            new Change.VolumeRemove(1));
    log.append(changes, EPOCH, 1);
    reopen();
    List<Change> read = new ArrayList<>();
    for (byte[] record : driver.records(1, changes.size())) {
      read.add(view(record).change());
    }
    assertEquals(changes, read);
  }

  @Test
  void takesAnAppendLongerThanASegment() throws IOException {
    start();
    appendWrites(2, 100);
    Change.Write large = write(1, 5, 1 << 20, 99);
    log.append(List.of(write(2, 0, 50, 98), large, write(2, 9, 50, 97)), EPOCH, 0);
    appendWrites(2, 100);
    driver.write();
    assertEquals(large, view(driver.records(1, 7).get(3)).change());
    assertArrayEquals(
        Arrays.copyOfRange(large.data().array(), 500_000, 510_000),
        driver.payload(4, 1, 500_000, 10_000));
    die();
    assertEquals(7, log.last().lsn());
    assertEquals(large, view(driver.records(1, 7).get(3)).change());
  }

  @Test
  void refusesWhatIsNoAppend() throws IOException {
    start();
    assertThrows(IllegalArgumentException.class, () -> log.append(List.of(), EPOCH, 0));
    List<Change> bad = List.of(write(1, 0, 10, 1), new Change.Trim(1, 0, -1));
    assertThrows(IllegalArgumentException.class, () -> log.append(bad, EPOCH, 0));
    assertEquals(LogPosition.START, log.last());
    assertEquals(1, log.append(List.of(write(1, 0, 10, 1)), EPOCH, 0));
  }
}
