package dev.farshore.emulab.report.chart;

import java.util.List;

/**
 * Where values lie on an axis, in a measure of the axis' own that is drawn evenly.
 *
 * <p>All are immutable.
 */
interface Scale {

  /** NaN if it has no place. */
  double place(double value);

  double lower();

  double upper();

  /** In the order of their places. */
  List<Tick> ticks();

  /**
   * @param label empty for a small tick between others
   */
  record Tick(double place, String label) {}
}
