package dev.farshore.emulab.results;

import dev.farshore.emulab.experiment.Point;
import java.util.Map;

/**
 * One run that came to its end.
 *
 * @param inputs their values
 * @param repetition from 1
 * @param invalid why its figures must not be used; empty if they may be
 * @param attempt from 1
 */
public record RunRecord(
    Map<String, String> inputs,
    int repetition,
    long seed,
    String testbed,
    Circumstances circumstances,
    String invalid,
    int attempt) {

  /**
   * @param started as ISO 8601, in UTC
   * @param seconds that it took, of real time
   * @param jobs how many runs the process had going at a time; 0 where that was not kept
   */
  public record Circumstances(
      Product product, Machine machine, String started, double seconds, int jobs) {}

  public Point point() {
    return new Point(inputs);
  }

  public boolean isValid() {
    return invalid.isEmpty();
  }
}
