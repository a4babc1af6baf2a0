package dev.farshore.emulab.report;

/** How sure a mark is, in the unit of its axis. */
public sealed interface Spread {

  /** From where its bar is drawn. */
  double low(double mean);

  /** To where. */
  double high(double mean);

  /**
   * Of the runs.
   *
   * @param value the sample's standard deviation; 0 for a single run
   */
  record Deviation(double value) implements Spread {
    @Override
    public double low(double mean) {
      return mean - value;
    }

    @Override
    public double high(double mean) {
      return mean + value;
    }
  }

  /** Between these the true value lies, with a certainty of 95 %. */
  record Interval(double low, double high) implements Spread {
    @Override
    public double low(double mean) {
      return low;
    }

    @Override
    public double high(double mean) {
      return high;
    }
  }
}
