package dev.farshore.tests.disaster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.model.LossModel;
import dev.farshore.link.session.CodeSettings;
import dev.farshore.link.session.LinkSettings;
import dev.farshore.tests.disaster.Disaster.Outcome;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SMFS (FAST'09), data loss: figure 6 for our acknowledgement points, on the link alone. */
final class DisasterTest {
  private static final int RUNS = Integer.getInteger("disaster.runs", 12);
  private static final int LEVELS = 3;

  private static LinkSettings settings(CodeSettings code, long burstNanos) {
    return new LinkSettings(code, burstNanos, 500_000, 200_000_000, 1400, 4 << 20);
  }

  private static final CodeSettings PAPER = new CodeSettings.Layered(8, List.of(1, 10, 100));

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.005, 0.01})
  void networkSyncLosesWhatTheCodeCannotRepairAndNothingElse(double loss) {
    long local = 0;
    long[] missing = new long[LEVELS + 1];
    long[] disasters = new long[LEVELS + 1];
    for (int run = 0; run < RUNS; run++) {
      long seed = 1000 * (long) (loss * 1e6) + run;
      Outcome outcome =
          new Disaster(settings(PAPER, 1_000_000), new LossModel.Independent(loss), seed).strike();
      String about = "loss " + loss + ", seed " + seed + ": " + outcome;
      assertEquals(outcome.recoverable(), outcome.delivered(), about);
      assertTrue(outcome.lostPackets() > 0, about);
      local += outcome.missingLocal();
      for (int level = 0; level <= LEVELS; level++) {
        boolean beyondCode = outcome.covered()[level] > outcome.recoverable();
        assertEquals(beyondCode, outcome.missing()[level] > 0, about);
        missing[level] += outcome.missing()[level];
        disasters[level] += beyondCode ? 1 : 0;
      }
    }
    System.out.printf(
        Locale.ROOT,
        "disaster: loss %.1f %%, %d runs: acknowledged records missing: local %d, sent %d,"
            + " covered by 1 layer %d, by 2 %d, by 3 %d%n",
        loss * 100,
        RUNS,
        local,
        missing[0],
        missing[1],
        missing[2],
        missing[3]);
    assertTrue(local > 0, "local-sync loses what had not left");
    assertTrue(local >= missing[0]);
    for (int level = 1; level <= LEVELS; level++) {
      assertTrue(missing[level] <= missing[level - 1], "a higher level loses no more");
    }
    assertEquals(0, disasters[LEVELS], "full coverage survives up to 1 % loss");
  }

  @Test
  void coveredRecordsSurviveOutagesWithinTheBurstPromise() {
    for (int run = 0; run < RUNS; run++) {
      long burst = 1_000_000;
      LossModel outages = new LossModel.Outages(0.01, burst, 8 * burst);
      for (CodeSettings code : List.of(PAPER, new CodeSettings.ReedSolomon(8, 3))) {
        Outcome outcome = new Disaster(settings(code, burst), outages, run).strike();
        int full = code.levels();
        String about = code + ", seed " + run + ": " + outcome;
        assertEquals(outcome.recoverable(), outcome.delivered(), about);
        assertTrue(outcome.lostPackets() > 0, about);
        assertEquals(
            outcome.covered()[full] > outcome.recoverable(), outcome.missing()[full] > 0, about);
      }
    }
  }

  @Test
  void withoutCodeEveryLossBehindTheLastOneIsMissing() {
    Outcome outcome =
        new Disaster(settings(new CodeSettings.None(), 0), new LossModel.Independent(0.01), 99)
            .strike();
    assertEquals(outcome.recoverable(), outcome.delivered(), outcome.toString());
    assertTrue(outcome.missing()[0] > 0, outcome.toString());
  }
}
