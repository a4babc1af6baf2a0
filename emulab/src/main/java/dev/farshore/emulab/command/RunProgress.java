package dev.farshore.emulab.command;

import dev.farshore.emulab.bench.Order;
import dev.farshore.emulab.bench.Progress;
import dev.farshore.emulab.bench.Summary;
import dev.farshore.emulab.experiment.Point;
import dev.farshore.emulab.plan.Kinds;
import dev.farshore.emulab.results.RunRecord;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A line for each run, on standard error: begun when it begins where there is one at a time, and
 * otherwise written when it has ended.
 */
final class RunProgress implements Progress {

  private final Order order;
  private final PrintWriter err;
  private Path directory;

  RunProgress(Order order, PrintWriter err) {
    this.order = order;
    this.err = err;
  }

  void begins(Path results) {
    directory = results;
    err.println(
        order.plan().name()
            + " on "
            + Kinds.word(order.kind())
            + (order.quick() ? ", quick" : "")
            + ": "
            + order.points().size()
            + " points, "
            + order.extent().repetitions()
            + " times"
            + (order.jobs() == 1 ? "" : ", " + order.jobs() + " runs at a time")
            + ", results in "
            + results);
    err.flush();
  }

  @Override
  public void begins(Point point, int repetition, Standing standing) {
    if (order.jobs() == 1) {
      err.print(line(point, repetition, standing.done() + 1, standing) + " … ");
      err.flush();
    }
  }

  @Override
  public void ended(RunRecord record, Standing standing) {
    if (order.jobs() > 1) {
      err.print(line(record.point(), record.repetition(), standing.done(), standing) + "  ");
    }
    err.println(
        String.format(Locale.ROOT, "%.1f s", record.circumstances().seconds())
            + (record.isValid() ? "" : "  INVALID: " + record.invalid()));
    err.flush();
  }

  private String line(Point point, int repetition, int number, Standing standing) {
    String varied =
        order.extent().varied().keySet().stream()
            .map(input -> input + "=" + point.text(input))
            .collect(Collectors.joining(" "));
    return "  "
        + number
        + "/"
        + standing.total()
        + standing.remaining().map(left -> "  " + Durations.text(left) + " left").orElse("")
        + "  "
        + varied
        + (order.extent().repetitions() == 1 ? "" : " repetition " + repetition);
  }

  void ended(Summary summary) {
    err.println(
        summary.runs()
            + " runs"
            + (summary.before() == 0 ? "" : ", " + summary.before() + " of them were there before")
            + (summary.invalid() == 0
                ? ""
                : ", " + summary.invalid() + " of them INVALID: emulab run --retry-invalid"));
    err.println("report: " + directory.resolve("report.html"));
    err.flush();
  }
}
