package dev.farshore.emulab.report.chart;

import dev.farshore.emulab.plan.Reference;
import dev.farshore.emulab.report.Figure;
import dev.farshore.emulab.report.Mark;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

/** A figure's curves as the charting library takes them: places on the scales, not values. */
final class ChartData {

  private static final int SAMPLES = 100;

  /** How near to zero a model is drawn that has no value there, as a part of the axis. */
  private static final double NEAREST = 200;

  private final Figure figure;
  private final Scales scales;
  private final Apart apart;

  ChartData(Figure figure, Scales scales) {
    this.figure = figure;
    this.scales = scales;
    this.apart = new Apart(figure, scales);
  }

  XYSeriesCollection curves() {
    XYSeriesCollection curves = new XYSeriesCollection();
    for (int i = 0; i < figure.curves().size(); i++) {
      XYSeries series = new XYSeries(i, false);
      for (Mark mark : figure.curves().get(i).marks()) {
        double y = scales.y().place(mark.mean());
        double x = scales.x().place(mark.x());
        if (Double.isFinite(x) && Double.isFinite(y)) {
          series.add(x + apart.shift(i, mark), y);
        }
      }
      curves.addSeries(series);
    }
    return curves;
  }

  /** Of marks whose spread is something. */
  YIntervalSeriesCollection bars() {
    YIntervalSeriesCollection bars = new YIntervalSeriesCollection();
    for (int i = 0; i < figure.curves().size(); i++) {
      YIntervalSeries series = new YIntervalSeries(i, false, true);
      for (Mark mark : figure.curves().get(i).marks()) {
        double x = scales.x().place(mark.x());
        double y = scales.y().place(mark.mean());
        if (mark.high() > mark.low() && Double.isFinite(x) && Double.isFinite(y)) {
          double low = scales.y().place(mark.low());
          double high = scales.y().place(mark.high());
          double end =
              Double.isFinite(low) ? Math.max(low, scales.y().lower()) : scales.y().lower();
          series.add(x + apart.shift(i, mark), y, end, high);
        }
      }
      bars.addSeries(series);
    }
    return bars;
  }

  XYSeriesCollection references() {
    XYSeriesCollection references = new XYSeriesCollection();
    for (int i = 0; i < figure.plot().references().size(); i++) {
      XYSeries series = new XYSeries("reference " + i, false);
      switch (figure.plot().references().get(i).curve()) {
        case Reference.Points points ->
            points.places().forEach(place -> add(series, place.x(), place.y()));
        case Reference.Mathis model -> add(series, model);
      }
      references.addSeries(series);
    }
    return references;
  }

  private void add(XYSeries series, Reference.Mathis model) {
    double last = xs().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    if (last <= 0) {
      return;
    }
    double first = scales.x() instanceof LogScale log ? log.least() : last / NEAREST;
    double ratio = last / first;
    for (int i = 0; i <= SAMPLES; i++) {
      double x = first * Math.pow(ratio, i / (double) SAMPLES);
      double y = model.rate(x);
      if (scales.y().place(y) <= scales.y().upper()) {
        add(series, x, y);
      }
    }
  }

  private void add(XYSeries series, double xValue, double yValue) {
    double x = scales.x().place(xValue);
    double y = scales.y().place(yValue);
    if (Double.isFinite(x) && Double.isFinite(y)) {
      series.add(x, y);
    }
  }

  private List<Double> xs() {
    Set<Double> xs = new TreeSet<>();
    figure.curves().forEach(curve -> curve.marks().forEach(mark -> xs.add(mark.x())));
    return List.copyOf(xs);
  }
}
