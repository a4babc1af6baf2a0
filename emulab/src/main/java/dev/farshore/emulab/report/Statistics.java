package dev.farshore.emulab.report;

import java.util.List;

/** Over the runs of a point. */
final class Statistics {

  private Statistics() {}

  static double mean(List<Double> values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.size();
  }

  /** How many are above zero. */
  static long above(List<Double> values) {
    return values.stream().filter(value -> value > 0).count();
  }

  /** Of a sample: divided by one less than there are; 0 for a single value. */
  static double deviation(List<Double> values) {
    if (values.size() < 2) {
      return 0;
    }
    double mean = mean(values);
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return Math.sqrt(sum / (values.size() - 1));
  }
}
