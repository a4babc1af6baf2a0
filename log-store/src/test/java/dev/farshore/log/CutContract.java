package dev.farshore.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cuts: where they end a log, and for whom. */
abstract class CutContract extends LogContract {

  @Test
  void aCutEndsTheLogForGood() throws IOException {
    start();
    appendWrites(60, 3000);
    LogPosition at30 = null;
    driver.write();
    at30 = log.positionAt(30).orElseThrow();
    assertEquals(at30, log.cut(30, "aside"));
    assertEquals(at30, log.last());
    assertEquals(30, log.appended());
    assertEquals(30, log.forced());
    requireWrites(1, 30, 3000);
    log.append(List.of(write(9, 9, 9, 9)), new Epoch(2, 2), 9);
    driver.force();
    assertNotEquals(at30.chain(), log.last().chain());
    die();
    assertEquals(31, log.last().lsn());
    requireWrites(1, 30, 3000);
    assertEquals(write(9, 9, 9, 9), view(driver.records(31, 31).getFirst()).change());
    assertEquals(log.last(), log.cut(31, "aside"), "nothing is behind it");
    assertEquals(log.last(), log.cut(99, "aside"), "nothing is behind it");
  }

  @Test
  void aCutEndsAtAWholeAppend() throws IOException {
    start();
    appendWrites(3, 100);
    log.append(List.of(write(1, 0, 10, 1), write(2, 0, 10, 2), write(3, 0, 10, 3)), EPOCH, 7);
    driver.write();
    assertEquals(3, log.cut(5, "aside").lsn());
    assertEquals(3, log.last().lsn());
    assertEquals(0, log.cut(0, "aside").lsn());
    assertEquals(LogPosition.START, log.last());
    assertEquals(1, log.first());
  }

  @Test
  void aCutLeavesNoCursorBehindIt() throws IOException {
    start();
    appendWrites(10, 100);
    driver.write();
    try (LogCursor before = log.cursor(3);
        LogCursor at = log.cursor(6);
        LogCursor behind = log.cursor(8)) {
      log.cut(5, "aside");
      assertThrows(IllegalStateException.class, behind::next);
      log.append(List.of(write(9, 9, 9, 9)), EPOCH, 9);
      driver.write();
      assertEquals(write(9, 9, 9, 9), view(driver.next(at)).change());
      for (int lsn = 3; lsn <= 5; lsn++) {
        assertEquals(write(1, lsn * 4096L, 100, lsn), view(driver.next(before)).change());
      }
      assertEquals(write(9, 9, 9, 9), view(driver.next(before)).change());
    }
  }
}
