package dev.farshore.emulab.report.chart;

import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;

/** Lines with markers; of a long curve not every mark has one, so that the line is seen. */
final class SomeMarkers extends XYLineAndShapeRenderer {

  private static final long serialVersionUID = 1L;
  private static final int MOST = 24;

  SomeMarkers(boolean lines) {
    super(lines, true);
  }

  @Override
  public boolean getItemShapeVisible(int series, int item) {
    int items = getPlot().getDataset(getPlot().getIndexOf(this)).getItemCount(series);
    int every = 1 + items / MOST;
    return item % every == 0 || item == items - 1;
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
