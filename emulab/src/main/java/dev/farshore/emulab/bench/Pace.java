package dev.farshore.emulab.bench;

import dev.farshore.emulab.experiment.Point;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How long the runs that are left will take: as long as those of the same point, and where there
 * was none, as long as all on the average.
 */
final class Pace {

  private final Map<Point, Integer> left = new HashMap<>();
  private final Map<Point, Double> seconds = new HashMap<>();
  private final Map<Point, Integer> runs = new HashMap<>();

  void expect(Point point) {
    left.merge(point, 1, Integer::sum);
  }

  void took(Point point, double runSeconds) {
    seconds.merge(point, runSeconds, Double::sum);
    runs.merge(point, 1, Integer::sum);
  }

  /** One that was expected. */
  void ran(Point point, double runSeconds) {
    left.merge(point, -1, Integer::sum);
    took(point, runSeconds);
  }

  /** Empty before the first run has ended. */
  Optional<Duration> remaining() {
    int all = runs.values().stream().mapToInt(Integer::intValue).sum();
    if (all == 0) {
      return Optional.empty();
    }
    double mean = seconds.values().stream().mapToDouble(Double::doubleValue).sum() / all;
    double sum = 0;
    for (Map.Entry<Point, Integer> one : left.entrySet()) {
      Point point = one.getKey();
      double each = runs.containsKey(point) ? seconds.get(point) / runs.get(point) : mean;
      sum += one.getValue() * each;
    }
    return Optional.of(Duration.ofMillis(Math.round(sum * 1000)));
  }
}
