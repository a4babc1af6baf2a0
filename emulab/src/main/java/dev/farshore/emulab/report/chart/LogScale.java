package dev.farshore.emulab.report.chart;

import dev.farshore.emulab.report.Numbers;
import java.util.ArrayList;
import java.util.List;

/**
 * Logarithmic, to the base of ten. Zero has no place on such a scale; where there are zeros it has
 * one of its own, below the others and apart from them.
 *
 * @param least above zero, with a tick
 * @param most with a tick
 * @param zero whether zero has a place
 */
record LogScale(double least, double most, boolean zero) implements Scale {

  private static final double SLACK = 1e-9;

  /** Of the length of the scale, that zero is below the least. */
  private static final double GAP = 0.1;

  /** With more decades than this, only powers of ten are labelled. */
  private static final int DECADES_FULL = 2;

  private static final int DECADES_LABELLED = 8;

  /**
   * @param smallest above zero
   */
  static LogScale over(double smallest, double largest, boolean zero) {
    double low = below(smallest);
    double high = above(Math.max(largest, smallest));
    if (high <= low * (1 + SLACK)) {
      high = above(low * 2);
      low = below(low / 2);
    }
    return new LogScale(low, high, zero);
  }

  /** The greatest of 1, 2, 5 times a power of ten that is not above. */
  private static double below(double value) {
    int exponent = (int) Math.floor(Math.log10(value) + SLACK);
    for (int times : new int[] {5, 2}) {
      if (power(exponent, times) <= value * (1 + SLACK)) {
        return power(exponent, times);
      }
    }
    return power(exponent, 1);
  }

  private static double above(double value) {
    int exponent = (int) Math.floor(Math.log10(value) + SLACK);
    for (int times : new int[] {1, 2, 5}) {
      if (power(exponent, times) >= value * (1 - SLACK)) {
        return power(exponent, times);
      }
    }
    return power(exponent + 1, 1);
  }

  private static double power(int exponent, int times) {
    return Double.parseDouble(times + "e" + exponent);
  }

  @Override
  public double place(double value) {
    if (value > 0) {
      return Math.log10(value);
    }
    return value == 0 && zero ? lower() : Double.NaN;
  }

  @Override
  public double lower() {
    double low = Math.log10(least);
    return zero ? low - GAP * (upper() - low) : low;
  }

  @Override
  public double upper() {
    return Math.log10(most);
  }

  @Override
  public List<Tick> ticks() {
    List<Tick> ticks = new ArrayList<>();
    if (zero) {
      ticks.add(new Tick(lower(), "0"));
    }
    double decades = upper() - Math.log10(least);
    int every = (int) Math.ceil(decades / DECADES_LABELLED);
    int first = (int) Math.floor(Math.log10(least) + SLACK);
    int last = (int) Math.ceil(upper() - SLACK);
    for (int exponent = first; exponent <= last; exponent++) {
      for (int times = 1; times <= 9; times++) {
        double value = power(exponent, times);
        if (value < least * (1 - SLACK) || value > most * (1 + SLACK)) {
          continue;
        }
        boolean named =
            times == 1
                ? Math.floorMod(exponent, Math.max(1, every)) == 0
                : decades <= DECADES_FULL && (times == 2 || times == 5);
        ticks.add(new Tick(Math.log10(value), named ? Numbers.text(value) : ""));
      }
    }
    return ticks;
  }
}
