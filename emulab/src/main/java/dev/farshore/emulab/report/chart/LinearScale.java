package dev.farshore.emulab.report.chart;

import dev.farshore.emulab.report.Numbers;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Even, with round numbers at its ticks and ends. */
record LinearScale(double lower, double upper, double step) implements Scale {

  private static final int TICKS = 6;
  private static final double SLACK = 1e-9;

  static LinearScale over(double least, double most) {
    double high = most > least ? most : least + Math.max(1, Math.abs(least));
    double step = step((high - least) / TICKS);
    return new LinearScale(
        Math.floor(least / step + SLACK) * step, Math.ceil(high / step - SLACK) * step, step);
  }

  /** The least of 1, 2, 5 times a power of ten that is not below this. */
  private static double step(double width) {
    double power = Math.pow(10, Math.floor(Math.log10(width)));
    for (int times : new int[] {1, 2, 5}) {
      if (times * power >= width * (1 - SLACK)) {
        return times * power;
      }
    }
    return 10 * power;
  }

  @Override
  public double place(double value) {
    return value;
  }

  @Override
  public List<Tick> ticks() {
    List<Tick> ticks = new ArrayList<>();
    long first = Math.round(lower / step);
    long last = Math.round(upper / step);
    BigDecimal exact = new BigDecimal(String.format(Locale.ROOT, "%.0e", step));
    for (long i = first; i <= last; i++) {
      double value = exact.multiply(BigDecimal.valueOf(i)).doubleValue();
      ticks.add(new Tick(value, Numbers.exact(value)));
    }
    return ticks;
  }
}
