package dev.farshore.emulab.bench;

import dev.farshore.emulab.experiment.Point;
import dev.farshore.emulab.plan.Extent;
import dev.farshore.emulab.plan.Plan;
import dev.farshore.emulab.testbed.Testbed;
import java.util.List;
import java.util.Map;

/**
 * What to run now.
 *
 * @param quick the plan's quick extent
 * @param only values of inputs: other points are not run now
 * @param retryInvalid whether runs that were invalid are run again
 * @param jobs how many runs go on beside each other, 1 or more; 1 on the live testbed
 */
public record Order(
    Plan plan,
    Testbed.Kind kind,
    boolean quick,
    Map<String, List<String>> only,
    boolean retryInvalid,
    int jobs) {

  public Order {
    if (jobs < 1) {
      throw new IllegalArgumentException("runs beside each other: " + jobs);
    }
  }

  public Extent extent() {
    return plan.runs().extent(quick);
  }

  public List<Point> points() {
    return extent().points().stream()
        .filter(
            point ->
                only.entrySet().stream()
                    .allMatch(one -> one.getValue().contains(point.text(one.getKey()))))
        .toList();
  }
}
