package dev.farshore.tests.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Thousands of seeds, by hand: {@code -Dsim.from=N -Dsim.count=N}. Its name keeps it out of the
 * ordinary run.
 */
class SimulationSoak {

  @Test
  void everySeedKeepsEveryPromise() {
    long from = Long.getLong("sim.from", 1_000);
    long count = Long.getLong("sim.count", 1_000);
    Rarities reached = new Rarities();
    List<Long> failed = new ArrayList<>();
    long steps = 0;
    long virtualNanos = 0;
    long acknowledged = 0;
    for (long seed = from; seed < from + count; seed++) {
      try {
        Simulation.Outcome outcome = Simulation.run(Swarm.scenario(seed));
        reached.addAll(outcome.rarities());
        steps += outcome.steps();
        virtualNanos += outcome.virtualNanos();
        acknowledged += outcome.acknowledged();
      } catch (SimulationFailure e) {
        failed.add(seed);
        System.out.println(e.getMessage().lines().findFirst().orElseThrow() + " | seed " + seed);
      }
    }
    System.out.printf(
        "%d seeds, %d failed; %,d steps, %,d s of virtual time, %,d replies%n%s",
        count, failed.size(), steps, virtualNanos / 1_000_000_000L, acknowledged, reached);
    assertEquals(List.of(), failed);
  }
}
