package dev.farshore.agent.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.session.CodeSettings;
import dev.farshore.link.session.CodeSettings.Layered;
import dev.farshore.link.session.CodeSettings.ReedSolomon;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LossChanceTest {
  private static final CodeSettings LAYERED = new Layered(8, List.of(1, 10, 100));
  private static final CodeSettings REED_SOLOMON = new ReedSolomon(8, 3);

  /** At 1 % loss. */
  private static double at(CodeSettings code, int level, long unconfirmed) {
    return LossChance.of(code, level, 1_000_000, 10_000, 1, unconfirmed).orElseThrow();
  }

  @Test
  void everyLayerMakesItSmaller() {
    assertTrue(at(LAYERED, 0, 10) > 5 * at(LAYERED, 1, 10));
    assertTrue(at(LAYERED, 1, 10) > 5 * at(LAYERED, 2, 10));
    assertTrue(at(LAYERED, 2, 10) > 5 * at(LAYERED, 3, 10));
  }

  @Test
  void itGrowsWithWhatIsUnconfirmedAndIsNothingForNothing() {
    assertEquals(0, at(LAYERED, 1, 0));
    assertTrue(at(LAYERED, 1, 1000) > at(LAYERED, 1, 100));
    assertTrue(at(LAYERED, 1, Long.MAX_VALUE) <= 1);
  }

  @Test
  void withoutCodeItIsTheLossItself() {
    assertEquals(0.01, at(new CodeSettings.None(), 0, 1), 1e-4);
  }

  @Test
  void agreesWithTriesForReedSolomon() {
    Random random = new Random(11);
    int groups = 2_000_000;
    double loss = 0.1;
    long lostForGood = 0;
    for (int i = 0; i < groups; i++) {
      boolean first = random.nextDouble() < loss;
      int others = 0;
      for (int other = 0; other < 10; other++) {
        others += random.nextDouble() < loss ? 1 : 0;
      }
      lostForGood += first && others >= 3 ? 1 : 0;
    }
    double chance = LossChance.of(REED_SOLOMON, 1, 1_000_000, 100_000, 1, 1).orElseThrow();
    assertEquals((double) lostForGood / groups, chance, chance / 20);
  }

  @Test
  void isNotGivenFromAnecdotesNorBeyondTheCodesBursts() {
    assertEquals(OptionalDouble.empty(), LossChance.of(LAYERED, 3, 999, 1, 1, 1));
    assertTrue(LossChance.of(LAYERED, 3, 1000, 1, 100, 1).isPresent());
    assertEquals(OptionalDouble.empty(), LossChance.of(LAYERED, 3, 1000, 1, 101, 1));
    assertEquals(OptionalDouble.empty(), LossChance.of(LAYERED, 2, 1000, 1, 11, 1));
    assertEquals(OptionalDouble.empty(), LossChance.of(REED_SOLOMON, 1, 1000, 1, 4, 1));
  }

  @Test
  void anUnseenLossIsNotAnImpossibleOne() {
    assertTrue(LossChance.of(LAYERED, 1, 1_000_000, 0, 0, 1000).orElseThrow() > 0);
  }
}
