package dev.farshore.emulab.experiment;

/** Takes what one run of a point saw, in the order in which it is said. */
public interface Samples {

  /** A figure of the run. On the simulated testbed it follows from the seed alone. */
  void add(String metric, double value);

  /**
   * A figure at a place within the run: of a distribution, its percentile; of a course, its second.
   */
  void add(String metric, double at, double value);

  /** A figure that the speed of the machine decides (processor time); kept in a file of its own. */
  void machine(String metric, double value);
}
