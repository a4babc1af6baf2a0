package dev.farshore.emulab.report;

/**
 * A place of a curve: the mean over the runs of a point, or their share.
 *
 * @param label of x, as the plan says it
 * @param x its place; with words on the axis, their number from 0
 * @param mean in the unit of the axis
 * @param runs valid ones
 */
public record Mark(String label, double x, double mean, Spread spread, int runs) {

  /** Lower end of its bar. */
  public double low() {
    return spread.low(mean);
  }

  /** Upper end of its bar. */
  public double high() {
    return spread.high(mean);
  }
}
