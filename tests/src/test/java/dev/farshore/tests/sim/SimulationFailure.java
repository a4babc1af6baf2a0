package dev.farshore.tests.sim;

/** A run that broke an invariant, with all that is needed to see it again. */
final class SimulationFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SimulationFailure(Scenario scenario, World world, Throwable cause) {
    super(text(scenario, world, cause), cause);
  }

  private static String text(Scenario scenario, World world, Throwable cause) {
    return String.format(
        "%s%n%nat %,d ns of virtual time, step %d%n%n%s%nlast events:%n%s%n"
            + "again: mvn -pl tests -am test -Dtest=SimulationTest#replay"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dsim.seed=%d%n",
        cause.getMessage(),
        world.now(),
        world.steps(),
        scenario.describe(),
        world.trace().tail(),
        scenario.seed());
  }
}
