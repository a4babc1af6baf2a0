package dev.farshore.emulab.report;

import java.util.IntSummaryStatistics;
import java.util.stream.Collectors;

/** What stands under the title of a figure. */
final class Captions {

  private Captions() {}

  static String below(Report report, Figure figure) {
    String beds = report.sources().stream().map(Captions::bed).collect(Collectors.joining(" and "));
    IntSummaryStatistics runs =
        figure.curves().stream()
            .flatMap(curve -> curve.marks().stream())
            .mapToInt(Mark::runs)
            .summaryStatistics();
    if (runs.getCount() == 0) {
      return beds + "; no valid run";
    }
    if (runs.getMax() == 1) {
      return beds + "; a single run of each point";
    }
    String many =
        runs.getMin() == runs.getMax()
            ? "" + runs.getMax()
            : runs.getMin() + " to " + runs.getMax();
    return beds + "; mean and standard deviation of " + many + " runs";
  }

  private static String bed(Source source) {
    String bed = source.about().testbed().equals("sim") ? "simulated" : source.about().testbed();
    return bed + (source.about().quick() ? ", quick version" : "");
  }
}
