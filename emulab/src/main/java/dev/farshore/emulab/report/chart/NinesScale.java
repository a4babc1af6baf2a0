package dev.farshore.emulab.report.chart;

import dev.farshore.emulab.report.Numbers;
import java.util.ArrayList;
import java.util.List;

/**
 * Percentiles, stretched at their end: from 90 to 99 is as far as from 99 to 99.9. The maximum,
 * which has no place on it, has one of its own behind the others.
 *
 * @param last percentile before the maximum
 * @param maximum whether 100 has a place
 */
record NinesScale(double least, double last, boolean maximum) implements Scale {

  private static final double WHOLE = 100;
  private static final double GAP = 0.7;
  private static final double SLACK = 1e-9;
  private static final double[] ROUND = {0, 25, 50, 75, 90, 95};

  static NinesScale over(List<Double> percentiles) {
    double least = percentiles.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    double last =
        percentiles.stream()
            .mapToDouble(Double::doubleValue)
            .filter(one -> one < WHOLE)
            .max()
            .orElse(0);
    boolean maximum = percentiles.stream().anyMatch(one -> one >= WHOLE);
    return new NinesScale(Math.max(0, Math.min(least, last)), last, maximum);
  }

  @Override
  public double place(double percentile) {
    if (percentile < 0 || percentile > WHOLE) {
      return Double.NaN;
    }
    return percentile < WHOLE ? nines(percentile) : nines(last) + GAP;
  }

  private static double nines(double percentile) {
    return -Math.log10(1 - percentile / WHOLE);
  }

  @Override
  public double lower() {
    return nines(least);
  }

  @Override
  public double upper() {
    return maximum || last == least ? nines(last) + GAP : nines(last);
  }

  @Override
  public List<Tick> ticks() {
    List<Tick> ticks = new ArrayList<>();
    for (double percentile : ROUND) {
      add(ticks, percentile);
    }
    for (double rest = 1; rest > (WHOLE - last) / 2; rest /= 10) {
      add(ticks, WHOLE - rest);
    }
    if (maximum) {
      ticks.add(new Tick(upper(), "max"));
    }
    return ticks;
  }

  private void add(List<Tick> ticks, double percentile) {
    if (percentile >= least - SLACK && percentile <= last + SLACK) {
      ticks.add(new Tick(nines(percentile), Numbers.text(percentile)));
    }
  }
}
