package dev.farshore.tests.sim;

/** A run that broke an invariant, with all that is needed to see it again. */
final class SimulationFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SimulationFailure(Scenario scenario, World world, Throwable cause) {
    super(text(scenario, world, cause), cause);
  }

  private static String text(Scenario scenario, World world, Throwable cause) {
    return String.format(
        "%s%n%nat %,d ns of virtual time, step %d%n%n%s%nlast events:%n%s%n" + "again: %s%n",
        cause.getMessage(),
        world.now(),
        world.steps(),
        scenario.describe(),
        world.trace().tail(),
        again(scenario.seed()));
  }

  /** The command that runs this seed again, in the repository's root. */
  static String again(long seed) {
    return "tests/bin/soak --from " + seed + " --seeds 1";
  }
}
