package dev.farshore.emulab.plan;

import dev.farshore.emulab.experiment.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether every plot of a plan has its points, and each place of a curve only one. */
final class PlotCheck {

  private final Plot plot;
  private final List<Point> points;
  private final List<String> found = new ArrayList<>();

  private PlotCheck(Plot plot, List<Point> points) {
    this.plot = plot;
    this.points = points;
  }

  /** One line each. */
  static List<String> problems(Plan plan) {
    List<String> found = new ArrayList<>();
    for (boolean quick : new boolean[] {false, true}) {
      List<Point> points = plan.runs().extent(quick).points();
      for (Plot plot : plan.plots()) {
        PlotCheck check = new PlotCheck(plot, points);
        check.check();
        if (!plot.y().ends().isEmpty() && plan.runs().extent(quick).repetitions() > 1) {
          check.found.add("'y-ends' are those of one run, and each point is run more often");
        }
        String title = "plot '" + plot.name() + "'" + (quick ? " of the quick runs: " : ": ");
        check.found.stream().distinct().forEach(text -> found.add(title + text));
      }
    }
    return found;
  }

  private void check() {
    List<Point> taken = points.stream().filter(plot.choice()::takes).toList();
    if (taken.isEmpty()) {
      found.add("no point is as 'where' says");
    }
    Map<List<String>, Point> places = new LinkedHashMap<>();
    for (Point point : taken) {
      unit(point);
      List<String> place = new ArrayList<>();
      plot.choice().series().forEach(input -> place.add(point.text(input)));
      if (!plot.x().isPlace()) {
        place.add(point.text(plot.x().from()));
      }
      Point other = places.putIfAbsent(place, point);
      if (other != null) {
        String input = differing(point, other);
        found.add(
            "'" + input + "' has several values here: fix it in 'where', or make it a series");
      }
    }
  }

  private void unit(Point point) {
    if (!plot.x().isPlace() && plot.x().unit().isPresent() && plot.place(point).isEmpty()) {
      found.add(
          "'" + point.text(plot.x().from()) + "' cannot be drawn in " + plot.x().unit().get());
    }
  }

  private static String differing(Point one, Point other) {
    return one.values().keySet().stream()
        .filter(input -> !one.text(input).equals(other.text(input)))
        .findFirst()
        .orElseThrow();
  }
}
