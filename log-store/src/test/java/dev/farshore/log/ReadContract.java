package dev.farshore.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Reading, tailing and freeing. */
abstract class ReadContract extends LogContract {

  @Test
  void readsPayloadsStagedWrittenAndFromOldSegments() throws IOException {
    start();
    for (int i = 1; i <= 40; i++) {
      log.append(List.of(write(1, 4000, 9000, i)), EPOCH, 0);
    }
    for (int round = 0; round < 3; round++) {
      for (int lsn = 1; lsn <= 40; lsn++) {
        byte[] payload = bytes(9000, lsn);
        for (int[] range : new int[][] {{0, 9000}, {96, 4096}, {5, 3}, {8999, 1}, {90, 10}}) {
          assertArrayEquals(
              Arrays.copyOfRange(payload, range[0], range[0] + range[1]),
              driver.payload(lsn, 1, range[0], range[1]));
        }
      }
      if (round == 0) {
        driver.force();
      } else if (round == 1) {
        reopen();
      }
    }
  }

  @Test
  void freesWholeSegmentsAndUsesTheirRoomAgain() throws IOException {
    start();
    appendWrites(100, 3000);
    driver.force();
    long before = log.retainedBytes();
    assertTrue(before >= 300_000, "retains " + before);
    log.free(51);
    log.free(3);
    driver.until("freed", () -> log.first() > 25 && log.first() <= 51);
    assertTrue(log.retainedBytes() < before);
    requireWrites(log.first(), 100, 3000);
    assertEquals(Optional.empty(), log.positionAt(log.first() - 2));
    assertEquals(log.first() - 1, log.positionAt(log.first() - 1).orElseThrow().lsn());
    for (int i = 0; i < 20; i++) {
      appendWrites(20, 3000);
      driver.force();
      log.free(log.last().lsn() + 1);
      driver.pass(5_000_000);
    }
    driver.until("freed", () -> log.last().lsn() - log.first() < 60);
    reopen();
    requireWrites(log.first(), 500, 3000);
  }

  @Test
  void aCursorKeepsWhatItHasNotReadYet() throws IOException {
    start();
    appendWrites(100, 3000);
    driver.force();
    try (LogCursor cursor = log.cursor(10)) {
      log.free(101);
      driver.pass(10_000_000);
      assertTrue(log.first() <= 10);
      for (int lsn = 10; lsn <= 100; lsn++) {
        assertEquals(lsn, view(driver.next(cursor)).lsn());
      }
    }
    driver.until("freed", () -> log.first() > 50);
  }

  @Test
  void aCursorFollowsTheEnd() throws IOException {
    start();
    try (LogCursor cursor = log.cursor(1)) {
      assertNull(cursor.next());
      for (int i = 1; i <= 200; i++) {
        appendWrites(1, 1500);
        assertNull(cursor.next(), "what is only staged is not given out");
        driver.write();
        assertEquals(i, cursor.lsn());
        assertEquals(write(1, i * 4096L, 1500, i), view(driver.next(cursor)).change());
      }
      assertEquals(201, cursor.lsn());
    }
  }

  @Test
  void cursorsBeginWithinTheLogOnly() throws IOException {
    start();
    appendWrites(3, 10);
    assertThrows(IllegalArgumentException.class, () -> log.cursor(0));
    assertThrows(IllegalArgumentException.class, () -> log.cursor(5));
    log.cursor(4).close();
  }

  @Test
  void knowsItsPositionAtEveryRecord() throws IOException {
    start();
    List<LogPosition> positions = new ArrayList<>();
    positions.add(LogPosition.START);
    for (int i = 0; i < 60; i++) {
      appendWrites(1, 3000);
      positions.add(log.last());
    }
    assertEquals(Optional.empty(), log.positionAt(1), "not appended yet");
    driver.write();
    for (int round = 0; round < 2; round++) {
      for (int lsn = 0; lsn <= 60; lsn++) {
        assertEquals(Optional.of(positions.get(lsn)), log.positionAt(lsn));
      }
      assertEquals(Optional.empty(), log.positionAt(61));
      assertEquals(Optional.empty(), log.positionAt(-1));
      reopen();
    }
  }
}
