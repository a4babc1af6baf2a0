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
    String many =
        runs.getMax() == 1
            ? "a single run of each point"
            : runs.getMin() == runs.getMax()
                ? runs.getMax() + " runs"
                : runs.getMin() + " to " + runs.getMax() + " runs";
    if (figure.plot().y().share()) {
      return beds + "; share of " + many + ", bars: its interval of 95 % (Wilson)";
    }
    if (runs.getMax() > 1) {
      return beds + "; mean and standard deviation of " + many;
    }
    boolean ends = !figure.plot().y().ends().isEmpty();
    return beds + "; " + many + (ends ? ", bars: an interval of 95 %" : "");
  }

  /** What stands above the numbers of a figure. */
  static String numbers(Figure figure) {
    boolean intervals = figure.plot().y().share() || !figure.plot().y().ends().isEmpty();
    String said = intervals ? ", (interval of 95 %)" : ", mean ± standard deviation";
    return figure.plot().y().label() + (figure.plot().y().words().isEmpty() ? said : "");
  }

  private static String bed(Source source) {
    String bed = source.about().testbed().equals("sim") ? "simulated" : source.about().bed();
    return bed + (source.about().quick() ? ", quick version" : "");
  }
}
