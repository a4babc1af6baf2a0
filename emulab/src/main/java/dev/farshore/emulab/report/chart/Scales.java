package dev.farshore.emulab.report.chart;

import dev.farshore.emulab.plan.Reference;
import dev.farshore.emulab.report.Curve;
import dev.farshore.emulab.report.Figure;
import dev.farshore.emulab.report.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/** The scales of a figure, wide enough for its curves and for the points beside them. */
record Scales(Scale x, Scale y) {

  /** An error bar makes a logarithmic axis longer by no more than this. */
  private static final double BAR_DOWN_MAX = 5;

  /** Curves nearer to zero than this, compared with their width, are shown from zero on. */
  private static final double ZERO_NEAR = 2;

  static Scales of(Figure figure) {
    List<Mark> marks = figure.curves().stream().map(Curve::marks).flatMap(List::stream).toList();
    List<Double> xs = new ArrayList<>();
    List<Double> ys = new ArrayList<>();
    boolean positive = marks.stream().allMatch(mark -> mark.mean() >= 0);
    for (Mark mark : marks) {
      xs.add(mark.x());
      ys.add(mark.mean());
      ys.add(mark.high());
      double low = mark.low();
      double least = figure.plot().y().log() ? mark.mean() / BAR_DOWN_MAX : 0;
      ys.add(positive ? Math.max(low, least) : low);
    }
    for (Reference reference : figure.plot().references()) {
      if (reference.curve() instanceof Reference.Points points && figure.words().isEmpty()) {
        points.places().forEach(place -> xs.add(place.x()));
        points.places().forEach(place -> ys.add(place.y()));
      }
    }
    Scale x =
        figure.plot().x().nines()
            ? NinesScale.over(xs)
            : figure.words().isEmpty()
                ? scale(xs, figure.plot().x().log(), false)
                : new WordScale(figure.words());
    List<String> words = figure.plot().y().words();
    return new Scales(
        x, words.isEmpty() ? scale(ys, figure.plot().y().log(), true) : new WordScale(words));
  }

  private static Scale scale(List<Double> values, boolean log, boolean fromZero) {
    double most = stream(values).max().orElse(1);
    double least = stream(values).min().orElse(0);
    double smallest = stream(values).filter(value -> value > 0).min().orElse(0);
    if (log && smallest > 0) {
      boolean zero = stream(values).anyMatch(value -> value == 0);
      return LogScale.over(smallest, most, zero);
    }
    boolean zero = fromZero || most == least || least < ZERO_NEAR * (most - least);
    return zero ? LinearScale.over(Math.min(0, least), most) : LinearScale.over(least, most);
  }

  private static DoubleStream stream(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue);
  }
}
