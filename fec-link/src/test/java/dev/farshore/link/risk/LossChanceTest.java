package dev.farshore.link.risk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LossChanceTest {
  private static final List<Double> SHARES = List.of(0.001, 0.01, 0.05, 0.1);

  private static double chance(SentPattern sent, int answered, BurstLoss loss) {
    return new LossChance(sent.tail(), loss).upTo(answered);
  }

  private static void assertAgrees(
      SentPattern sent, int answered, BurstLoss loss, double least, double most, String what) {
    double truth = sent.enumerated(answered, loss);
    double said = chance(sent, answered, loss);
    String about =
        String.format(
            Locale.ROOT,
            "%s, %d answered, %s: %.3g, said %.3g, ratio %.2f",
            what,
            answered,
            loss,
            truth,
            said,
            said / truth);
    assertTrue(said >= truth * least && said <= truth * most, about);
  }

  @Test
  void withoutCodeOneOfTheAnsweredPacketsIsLostIndependently() {
    SentPattern sent = SentPattern.layered(10, 2, List.of());
    for (double share : SHARES) {
      double expected = 1 - Math.pow(1 - share, 7);
      double said = chance(sent, 7, BurstLoss.independent(share));
      // A neighbour that is lost too is counted once, a later one by chance twice.
      assertEquals(expected, said, expected * 0.02, "loss " + share);
      assertEquals(0, chance(sent, 0, BurstLoss.independent(share)));
    }
  }

  @Test
  void aBurstWithoutCodeIsOneEvent() {
    SentPattern sent = SentPattern.layered(14, 2, List.of());
    for (double run : new double[] {2, 5, 20}) {
      for (double share : new double[] {0.001, 0.01, 0.1}) {
        assertAgrees(sent, 14, BurstLoss.of(share, run), 0.95, 1.05, "no code");
      }
    }
  }

  @Test
  void independentLossesOfReedSolomonGroups() {
    SentPattern sent = SentPattern.reedSolomon(10, 4, 2);
    for (double share : SHARES) {
      BurstLoss loss = BurstLoss.independent(share);
      assertAgrees(sent, 4, loss, 0.95, 1.05, "one group");
      assertAgrees(sent, 8, loss, 0.95, 1.05, "two groups");
      assertAgrees(sent, 10, loss, 0.95, 1.05, "two groups and two packets beyond them");
    }
  }

  @Test
  void burstsOverReedSolomonGroups() {
    SentPattern sent = SentPattern.reedSolomon(10, 4, 2);
    for (double run : new double[] {1.5, 3, 8}) {
      for (double share : new double[] {0.001, 0.01, 0.05}) {
        BurstLoss loss = BurstLoss.of(share, run);
        assertAgrees(sent, 4, loss, 0.9, 1.1, "one group");
        // One burst over the end of a group and the beginning of the next is rarely one event.
        assertAgrees(sent, 8, loss, 0.9, 1.25, "two groups");
      }
    }
  }

  @Test
  void independentLossesOfOneLayer() {
    SentPattern sent = SentPattern.layered(10, 4, List.of(1));
    for (double share : SHARES) {
      BurstLoss loss = BurstLoss.independent(share);
      assertAgrees(sent, 8, loss, 0.9, 1.1, "covered");
      assertAgrees(sent, 10, loss, 0.9, 1.1, "as sent");
    }
  }

  @Test
  void independentLossesOfTwoLayers() {
    SentPattern sent = SentPattern.layered(11, 3, List.of(1, 3));
    for (double share : SHARES) {
      BurstLoss loss = BurstLoss.independent(share);
      assertAgrees(sent, 9, loss, 0.6, 1.6, "covered by two");
      assertAgrees(sent, 11, loss, 0.8, 1.25, "as sent");
    }
  }

  @Test
  void burstsOverTwoLayers() {
    SentPattern sent = SentPattern.layered(11, 3, List.of(1, 3));
    for (double run : new double[] {1.5, 3, 8}) {
      for (double share : new double[] {0.001, 0.01, 0.05}) {
        BurstLoss loss = BurstLoss.of(share, run);
        assertAgrees(sent, 9, loss, 0.5, 2, "covered by two");
        assertAgrees(sent, 11, loss, 0.5, 2, "as sent");
      }
    }
  }

  @Test
  void growsWithLossAndWithWhatWasAnswered() {
    for (SentPattern sent :
        List.of(
            SentPattern.layered(2000, 8, List.of(1, 10, 100)),
            SentPattern.reedSolomon(2000, 8, 3))) {
      for (double run : new double[] {1, 3, 10, 100}) {
        double before = 0;
        for (double share : new double[] {0.0001, 0.001, 0.01, 0.05, 0.1}) {
          LossChance chance = new LossChance(sent.tail(), BurstLoss.of(share, run));
          assertTrue(chance.upTo(2000) > before, "loss " + share + " in runs of " + run);
          before = chance.upTo(2000);
          for (int answered = 100; answered <= 2000; answered += 100) {
            assertTrue(chance.upTo(answered) >= chance.upTo(answered - 100));
          }
          assertTrue(before <= 1);
        }
      }
    }
  }

  @Test
  void everyLayerMakesItSmaller() {
    for (double run : new double[] {1, 1.5, 3}) {
      BurstLoss loss = BurstLoss.of(0.01, run);
      double none = chance(SentPattern.layered(1600, 8, List.of()), 1600, loss);
      double one = chance(SentPattern.layered(1600, 8, List.of(1)), 1600, loss);
      double two = chance(SentPattern.layered(1600, 8, List.of(1, 10)), 1600, loss);
      double three = chance(SentPattern.layered(1600, 8, List.of(1, 10, 100)), 1600, loss);
      String about = "runs of " + run + ": " + List.of(none, one, two, three);
      assertTrue(none > one && one > two && two > three, about);
    }
  }

  @Test
  void whatHasArrivedIsInNoDanger() {
    SentPattern sent = SentPattern.layered(100, 8, List.of(1));
    long[] on = sent.numbers();
    Arrays.fill(on, Tail.ARRIVED);
    assertEquals(0, new LossChance(sent.tail(on, 0), BurstLoss.of(0.1, 2)).upTo(100));
  }

  @Test
  void aPacketThatIsKnownToBeLostWaitsForItsGroup() {
    SentPattern sent = SentPattern.layered(10, 8, List.of(1));
    long[] on = sent.numbers();
    BurstLoss loss = BurstLoss.independent(0.01);
    on[9] = Tail.LOST;
    assertEquals(1, new LossChance(sent.tail(on, 0), loss).upTo(10), "no repair of it has left");
    on[9] = sent.numbers()[9];
    on[3] = Tail.LOST;
    double oneOfTheOthers = 1 - Math.pow(0.99, 8);
    assertEquals(oneOfTheOthers, new LossChance(sent.tail(on, 0), loss).upTo(8), 0.01);
    on[5] = Tail.LOST;
    assertEquals(1, new LossChance(sent.tail(on, 0), loss).upTo(8), 1e-9, "two in one group");
  }

  @Test
  void olderPacketsFareLikeTheOldestThatAreLookedAt() {
    SentPattern sent = SentPattern.reedSolomon(800, 8, 3);
    BurstLoss loss = BurstLoss.independent(0.05);
    double alone = new LossChance(sent.tail(sent.numbers(), 0), loss).upTo(800);
    double withOlder = new LossChance(sent.tail(sent.numbers(), 7200), loss).upTo(800);
    assertEquals(1 - Math.pow(1 - alone, 10), withOlder, 0.02 * withOlder);
    long[] on = sent.numbers();
    on[799] = Tail.LOST;
    on[798] = Tail.LOST;
    on[797] = Tail.LOST;
    on[796] = Tail.LOST;
    assertEquals(1, new LossChance(sent.tail(on, 0), loss).upTo(800), 1e-9, "four in a group");
    for (int i = 0; i < 4; i++) {
      on[796 + i] = sent.numbers()[796 + i];
      on[i] = Tail.LOST;
    }
    assertEquals(1, new LossChance(sent.tail(on, 0), loss).upTo(800), 1e-9, "and in the oldest");
  }

  @Test
  void measuredLossIsOneMoreThanWasSeenAndNoAnecdote() {
    assertEquals(Optional.empty(), BurstLoss.measured(999, 99, 1));
    BurstLoss unseen = BurstLoss.measured(1_000_000, 0, 0).orElseThrow();
    assertEquals(BurstLoss.independent(1e-6), unseen);
    BurstLoss bursts = BurstLoss.measured(1_000_000, 10_000, 4.5).orElseThrow();
    assertEquals(0.010001, bursts.share(), 1e-9);
    assertEquals(4.5, bursts.meanRun());
    BurstLoss dead = BurstLoss.measured(5000, 5000, 5000).orElseThrow();
    assertTrue(dead.share() > 0.99 && dead.share() < 1);
    assertThrows(IllegalArgumentException.class, () -> new BurstLoss(0.5, 1));
  }
}
