package dev.farshore.tests.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Figures of several contenders in the same rounds, and what they come to. */
final class Rounds {
  private final int rounds;
  private final Map<String, double[]> figures = new LinkedHashMap<>();

  Rounds(int rounds) {
    this.rounds = rounds;
  }

  void put(String contender, int round, double figure) {
    figures.computeIfAbsent(contender, name -> new double[rounds])[round] = figure;
  }

  double median(String contender) {
    return median(figures.get(contender));
  }

  /** Median over the rounds of how a contender compared with the reference in the same round. */
  double ratio(String contender, String reference) {
    double[] ratios = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      ratios[i] = figures.get(contender)[i] / figures.get(reference)[i];
    }
    return median(ratios);
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /**
   * One line for each contender: median, extremes, ratio to each reference.
   *
   * @param unit of the figures
   */
  String table(String title, String unit, String... references) {
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(
            Locale.ROOT, "%-28s %12s %12s %12s", title, "median " + unit, "lowest", "highest"));
    for (String reference : references) {
      table.append(String.format(Locale.ROOT, "   : %s", reference));
    }
    table.append('\n');
    for (String contender : figures.keySet()) {
      double[] values = figures.get(contender);
      table.append(
          String.format(
              Locale.ROOT,
              "%-28s %12.0f %12.0f %12.0f",
              contender,
              median(values),
              Arrays.stream(values).min().orElseThrow(),
              Arrays.stream(values).max().orElseThrow()));
      for (String reference : references) {
        table.append(
            String.format(
                Locale.ROOT,
                "   %" + (reference.length() + 2) + ".2f",
                ratio(contender, reference)));
      }
      table.append('\n');
    }
    return table.toString();
  }
}
