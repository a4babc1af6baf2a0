package dev.farshore.agent.mirror.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class LsnOffsetsTest {

  @Test
  void answersLikeASortedMap() {
    long seed = 7;
    SplittableRandom random = new SplittableRandom(seed);
    LsnOffsets offsets = new LsnOffsets(501);
    TreeMap<Long, Long> model = new TreeMap<>();
    long end = 0;
    long forgotten = 500;
    long forgottenEnd = 0;
    for (long lsn = 501; lsn < 20_000; lsn++) {
      end += 1 + random.nextInt(5000);
      offsets.add(lsn, end);
      model.put(end, lsn);
      long asked = random.nextLong(end + 10);
      var floor = model.floorEntry(asked);
      long expected = Math.max(forgotten, floor == null ? 500 : floor.getValue());
      assertEquals(expected, offsets.lsnAt(asked), "seed " + seed);
      long expectedEnd = Math.max(forgottenEnd, floor == null ? 0 : floor.getKey());
      assertEquals(expectedEnd, offsets.endAt(asked), "seed " + seed);
      if (random.nextInt(100) == 0) {
        forgotten = Math.max(forgotten, lsn - random.nextInt(3000));
        offsets.forget(forgotten);
        forgottenEnd = endOf(model, forgotten);
      }
    }
    assertEquals(19_999, offsets.lsnAt(Long.MAX_VALUE));
  }

  private static long endOf(TreeMap<Long, Long> lsnsByEnd, long lsn) {
    return lsnsByEnd.entrySet().stream()
        .filter(entry -> entry.getValue() <= lsn)
        .mapToLong(Map.Entry::getKey)
        .max()
        .orElse(0);
  }

  @Test
  void refusesAHole() {
    LsnOffsets offsets = new LsnOffsets(1);
    assertThrows(IllegalStateException.class, () -> offsets.add(2, 10));
  }
}
