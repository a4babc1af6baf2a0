package dev.farshore.emulab.report.chart;

import dev.farshore.emulab.report.Curve;
import dev.farshore.emulab.report.Figure;
import dev.farshore.emulab.report.Mark;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Moves marks that would hide each other a little sideways; the others stay where they are. */
final class Apart {

  /** Of the width, from one mark to the next; less where points are near each other. */
  private static final double STEP = 0.011;

  /** Of the distance of two neighbouring points, that all curves together may take. */
  private static final double SHARE = 0.5;

  /** Marks nearer than this, of the height, hide each other. */
  private static final double NEAR = 0.02;

  private final Figure figure;
  private final Scales scales;
  private final double step;

  Apart(Figure figure, Scales scales) {
    this.figure = figure;
    this.scales = scales;
    double width = scales.x().upper() - scales.x().lower();
    double nearest = width;
    List<Double> xs =
        figure.curves().stream()
            .flatMap(curve -> curve.marks().stream().map(Mark::x))
            .distinct()
            .sorted()
            .toList();
    for (int i = 1; i < xs.size(); i++) {
      double distance = scales.x().place(xs.get(i)) - scales.x().place(xs.get(i - 1));
      nearest = Double.isFinite(distance) ? Math.min(nearest, distance) : nearest;
    }
    this.step = Math.min(STEP * width, SHARE * nearest / Math.max(1, figure.curves().size()));
  }

  /** In the measure of the x scale. */
  double shift(int curve, Mark mark) {
    if (figure.plot().x().isPlace()) {
      return 0;
    }
    if (!figure.words().isEmpty()) {
      // Without lines it is the place, too, that tells curves apart.
      return (curve - (figure.curves().size() - 1) / 2.0) * 2 * step;
    }
    List<Integer> together = together(curve, mark);
    return (together.indexOf(curve) - (together.size() - 1) / 2.0) * step;
  }

  /** The curves whose marks at the same x hide each other, one by one, down to this. */
  private List<Integer> together(int curve, Mark mark) {
    record Here(int curve, double place) {}
    List<Here> here = new ArrayList<>();
    List<Curve> curves = figure.curves();
    for (int i = 0; i < curves.size(); i++) {
      for (Mark one : curves.get(i).marks()) {
        if (one.x() == mark.x()) {
          here.add(new Here(i, scales.y().place(one.mean())));
        }
      }
    }
    here.sort(Comparator.comparingDouble(Here::place).thenComparingInt(Here::curve));
    double near = NEAR * (scales.y().upper() - scales.y().lower());
    List<Integer> group = new ArrayList<>();
    double last = Double.NaN;
    for (Here one : here) {
      if (one.place() - last > near) {
        if (group.contains(curve)) {
          break;
        }
        group.clear();
      }
      group.add(one.curve());
      last = one.place();
    }
    return group.stream().sorted().toList();
  }
}
