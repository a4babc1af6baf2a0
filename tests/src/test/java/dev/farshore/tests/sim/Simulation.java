package dev.farshore.tests.sim;

import java.io.IOException;

/** One run of one seed. */
public final class Simulation {

  /**
   * @param traceHash equal for equal runs
   * @param steps how many steps were taken
   * @param virtualNanos how much time passed in the world
   * @param acknowledged replies that clients got
   */
  record Outcome(
      long traceHash, long steps, long virtualNanos, long acknowledged, Rarities rarities) {

    /** Of a run that did not end. */
    static final Outcome NONE = new Outcome(0, 0, 0, 0, new Rarities());
  }

  private Simulation() {}

  /** For a caller that has loaded this class by itself: the trace hash of a run that holds. */
  public static long run(long seed) {
    return run(Swarm.scenario(seed)).traceHash();
  }

  /**
   * The same in a world of a theme.
   *
   * @param theme its name; empty if the seed chooses
   */
  public static long run(long seed, String theme) {
    return theme.isEmpty()
        ? run(seed)
        : run(Swarm.scenario(seed, Theme.valueOf(theme))).traceHash();
  }

  /**
   * @throws SimulationFailure if anything happens that must not
   */
  static Outcome run(Scenario scenario) {
    World world = new World(scenario);
    try {
      world.runUntil(scenario.turmoilNanos());
      new Convergence(world).run();
      if (world.sites().stream().anyMatch(site -> world.wire(site).wasBeyondRepair())) {
        world.rarities().reached(Rare.GROUP_BEYOND_REPAIR_RESENT);
      }
    } catch (RuntimeException | IOException | AssertionError e) {
      throw new SimulationFailure(scenario, world, e);
    }
    return new Outcome(
        world.trace().hash(),
        world.steps(),
        world.now(),
        world.clients().acknowledged(),
        world.rarities());
  }
}
