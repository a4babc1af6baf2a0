package dev.farshore.emulab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.experiment.RiskExperiment.Verdict;
import org.junit.jupiter.api.Test;

class ShareIntervalTest {

  private static final double EXACT = 5e-5;

  private static void isAbout(double low, double high, ShareInterval interval) {
    assertEquals(low, interval.low(), EXACT, interval.toString());
    assertEquals(high, interval.high(), EXACT, interval.toString());
  }

  @Test
  void isThatOfWilson() {
    isAbout(0.1078, 0.6032, ShareInterval.of(3, 10));
    isAbout(0.4038, 0.5962, ShareInterval.of(50, 100));
    isAbout(0.2366, 0.7634, ShareInterval.of(5, 10));
  }

  @Test
  void noneAndAllAreNoPoints() {
    isAbout(0, 0.2775, ShareInterval.of(0, 10));
    isAbout(0.7225, 1, ShareInterval.of(10, 10));
    assertEquals(0, ShareInterval.of(0, 10_000).low());
    assertEquals(1, ShareInterval.of(7, 7).high());
  }

  @Test
  void holdsTheShareAndNarrowsWithTheTrials() {
    for (long trials = 1; trials <= 64; trials *= 2) {
      for (long seen = 0; seen <= trials; seen++) {
        ShareInterval few = ShareInterval.of(seen, trials);
        ShareInterval many = ShareInterval.of(10 * seen, 10 * trials);
        double share = seen / (double) trials;
        assertTrue(0 <= few.low() && few.low() <= share && share <= few.high());
        assertTrue(few.high() <= 1 && many.high() - many.low() < few.high() - few.low());
      }
    }
    assertThrows(IllegalArgumentException.class, () -> ShareInterval.of(0, 0));
    assertThrows(IllegalArgumentException.class, () -> ShareInterval.of(2, 1));
  }

  @Test
  void aPredictionIsWithinAFactorOfTwoOnlyIfTheDisastersSayIt() {
    ShareInterval seen = new ShareInterval(0.04, 0.05);
    assertEquals(Verdict.WITHIN, Verdict.of(0.045, seen));
    assertEquals(Verdict.WITHIN, Verdict.of(0.08, seen));
    assertEquals(Verdict.WITHIN, Verdict.of(0.025, seen));
    assertEquals(Verdict.UNDECIDABLE, Verdict.of(0.09, seen), "twice 0.045, more than twice 0.04");
    assertEquals(Verdict.UNDECIDABLE, Verdict.of(0.022, seen));
    assertEquals(Verdict.OUTSIDE, Verdict.of(0.11, seen));
    assertEquals(Verdict.OUTSIDE, Verdict.of(0.019, seen));
  }

  @Test
  void whereNothingWasSeenAPredictionIsUndecidableOrTooHigh() {
    ShareInterval nothing = ShareInterval.of(0, 10_000);
    assertEquals(Verdict.UNDECIDABLE, Verdict.of(0, nothing));
    assertEquals(Verdict.UNDECIDABLE, Verdict.of(nothing.high() / 2, nothing));
    assertEquals(Verdict.UNDECIDABLE, Verdict.of(1.9 * nothing.high(), nothing));
    assertEquals(Verdict.OUTSIDE, Verdict.of(2.1 * nothing.high(), nothing));
  }
}
