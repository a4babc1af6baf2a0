package dev.farshore.emulab.bench;

import dev.farshore.emulab.experiment.Point;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How long the runs that are left will take: each as long as those of the same point, and where
 * there was none, as long as all on the average; so many beside each other as there are jobs.
 */
final class Pace {

  private final int jobs;
  private final Map<Point, Integer> waiting = new HashMap<>();
  private final List<Going> going = new ArrayList<>();
  private final Map<Point, Double> seconds = new HashMap<>();
  private final Map<Point, Integer> runs = new HashMap<>();

  private record Going(Point point, long sinceNanos) {}

  Pace(int jobs) {
    this.jobs = jobs;
  }

  void expect(Point point) {
    waiting.merge(point, 1, Integer::sum);
  }

  /** One that is there already. */
  void took(Point point, double runSeconds) {
    seconds.merge(point, runSeconds, Double::sum);
    runs.merge(point, 1, Integer::sum);
  }

  /** One that was expected. */
  void began(Point point, long nowNanos) {
    waiting.merge(point, -1, Integer::sum);
    going.add(new Going(point, nowNanos));
  }

  /** One that began. */
  void ended(Point point, double runSeconds) {
    for (int i = 0; i < going.size(); i++) {
      if (going.get(i).point().equals(point)) {
        going.remove(i);
        break;
      }
    }
    took(point, runSeconds);
  }

  /** Empty before the first run has ended. */
  Optional<Duration> remaining(long nowNanos) {
    int all = runs.values().stream().mapToInt(Integer::intValue).sum();
    if (all == 0) {
      return Optional.empty();
    }
    double mean = seconds.values().stream().mapToDouble(Double::doubleValue).sum() / all;
    double sum = 0;
    double longest = 0;
    for (Map.Entry<Point, Integer> one : waiting.entrySet()) {
      double each = expected(one.getKey(), mean);
      sum += one.getValue() * each;
      longest = Math.max(longest, one.getValue() == 0 ? 0 : each);
    }
    for (Going one : going) {
      double left = expected(one.point(), mean) - (nowNanos - one.sinceNanos()) / 1e9;
      sum += Math.max(0, left);
      longest = Math.max(longest, left);
    }
    return Optional.of(Duration.ofMillis(Math.round(Math.max(sum / jobs, longest) * 1000)));
  }

  private double expected(Point point, double mean) {
    return runs.containsKey(point) ? seconds.get(point) / runs.get(point) : mean;
  }
}
