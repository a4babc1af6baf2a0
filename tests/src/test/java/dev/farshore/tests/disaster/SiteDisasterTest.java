package dev.farshore.tests.disaster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.mirror.SyncMode;
import dev.farshore.tests.disaster.SiteDisaster.Outcome;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SMFS (FAST'09), figure 6, for two whole agents: what was acknowledged and is not at the promoted
 * mirror, by mode. The properties {@code disaster.sites} and {@code disaster.loss} make more
 * disasters than one of each kind, and choose one loss: some hundreds tell the shares of the
 * coverage levels apart.
 */
final class SiteDisasterTest {
  private static final int RUNS = Integer.getInteger("disaster.sites", 1);
  private static final int LEVELS = 3;

  private static List<Double> losses() {
    String chosen = System.getProperty("disaster.loss", "");
    return chosen.isEmpty() ? List.of(0.001, 0.005, 0.01) : List.of(Double.valueOf(chosen));
  }

  private static Map<String, SyncMode> modes() {
    Map<String, SyncMode> modes = new LinkedHashMap<>();
    modes.put("local", new SyncMode.Local());
    modes.put("network, sent", new SyncMode.Network(0));
    modes.put("network, 1 layer", new SyncMode.Network(1));
    modes.put("network, 2 layers", new SyncMode.Network(2));
    modes.put("network, 3 layers", new SyncMode.Network(LEVELS));
    return modes;
  }

  @ParameterizedTest
  @MethodSource("losses")
  void whatWasAcknowledgedIsAtThePromotedMirrorUnlessTheWireLostMoreThanTheCodeRepairs(double loss)
      throws IOException {
    System.out.printf(
        Locale.ROOT,
        "two sites, loss %.1f %%, %d disasters each: acknowledged, missing, disasters that miss"
            + " some%n",
        loss * 100,
        RUNS);
    for (Map.Entry<String, SyncMode> mode : modes().entrySet()) {
      long acknowledged = 0;
      long missing = 0;
      int losing = 0;
      for (int run = 0; run < RUNS; run++) {
        long seed = 1000 * (long) (loss * 1e6) + run;
        Outcome outcome = new SiteDisaster(mode.getValue(), loss, seed).strike();
        String about = mode.getKey() + ", loss " + loss + ", seed " + seed + ": " + outcome;
        assertEquals(outcome.beyondCode(), outcome.missing(), about);
        assertTrue(outcome.acknowledged() > 100, about);
        acknowledged += outcome.acknowledged();
        missing += outcome.missing();
        losing += outcome.missing() > 0 ? 1 : 0;
      }
      System.out.printf("  %-18s %8d %6d %4d%n", mode.getKey(), acknowledged, missing, losing);
      if (mode.getValue() instanceof SyncMode.Local) {
        assertEquals(RUNS, losing, "local loses what had not left");
      } else if (mode.getValue().equals(new SyncMode.Network(LEVELS))) {
        assertEquals(0, losing, "full coverage survives up to 1 % loss");
      }
    }
  }

  /** The clients' own count; {@code remote} survives any loss of one site (A4). */
  @Test
  void remoteLosesNothing() throws IOException {
    Outcome outcome = new SiteDisaster(new SyncMode.Remote(), 0.01, 7).strike();
    assertEquals(0, outcome.missing(), outcome.toString());
    assertTrue(outcome.acknowledged() > 100, outcome.toString());
  }
}
