package dev.farshore.emulab.experiment;

/**
 * Takes what one run of a point saw, in the order in which it is said. Each figure is said once: a
 * run that has many of a kind gives percentiles, a mean or a course. Names are of small letters,
 * digits, {@code - . +}, and belong to either {@link #add} or {@link #machine}; numbers are finite.
 *
 * <p>All methods throw {@link IllegalArgumentException} at what is not so.
 */
public interface Samples {

  /** A figure of the run. On the simulated testbed it follows from the seed alone. */
  void add(String metric, double value);

  /**
   * A figure at a place within the run: of a distribution, its percentile; of a course, its second.
   */
  void add(String metric, double at, double value);

  /** A figure that the speed of the machine decides (processor time); kept in a file of its own. */
  void machine(String metric, double value);

  /**
   * Says that the figures of this run must not be used, and why, for people. Trials whose {@link
   * dev.farshore.emulab.testbed.Outcome#invalid} says so need no second word.
   */
  void invalid(String reason);
}
