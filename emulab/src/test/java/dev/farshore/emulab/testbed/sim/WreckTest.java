package dev.farshore.emulab.testbed.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.testbed.Configuration.Acknowledged;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * Many wrecks, each from a seed. The properties {@code wreck.seeds} and {@code wreck.first} make
 * more of them than the test command does, and others; {@code wreck.outage} lets outages last
 * longer than was promised.
 */
final class WreckTest {
  private static final int SEEDS = Integer.getInteger("wreck.seeds", 40);
  private static final long FIRST = Long.getLong("wreck.first", 1);

  @Test
  void thePromotedMirrorHasWhatTheWireBroughtAndTheModePromised() {
    WreckTally tally = new WreckTally();
    int failed = 0;
    StringBuilder failures = new StringBuilder();
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      WreckScenario scenario = WreckScenario.of(seed);
      try {
        new Wreck(scenario, tally).run();
      } catch (IOException | RuntimeException | AssertionError e) {
        failed++;
        failures.append("seed ").append(seed).append(": ").append(e).append(", ");
        failures.append(scenario).append('\n');
      }
    }
    System.out.println(tally);
    assertTrue(failed == 0, failed + " failed:\n" + failures);
    assertTrue(tally.missing(Acknowledged.ON_THE_WIRE) > 0, "no wire was ever beyond the code");
    assertTrue(tally.filling() > 0 && tally.reconnecting() > 0, tally.toString());
    assertTrue(tally.outages() > 0, tally.toString());
  }
}
