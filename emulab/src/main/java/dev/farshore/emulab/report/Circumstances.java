package dev.farshore.emulab.report;

import dev.farshore.emulab.experiment.Experiment;
import dev.farshore.emulab.results.Machine;
import dev.farshore.emulab.results.Product;
import dev.farshore.emulab.results.RunFiles;
import dev.farshore.emulab.results.RunRecord;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where, when and how often a report's plan was run, with which values of its inputs. */
final class Circumstances {

  private static final double GIBIBYTE = 1 << 30;
  private static final double HOUR = 3600;
  private static final double MINUTE = 60;

  private final Report report;
  private final Html html;

  Circumstances(Report report, Html html) {
    this.report = report;
    this.html = html;
  }

  void write() {
    for (Source source : report.sources()) {
      html.raw("<table class=\"facts\">");
      facts(source);
      html.raw("</table>");
    }
    html.raw("<details><summary>Inputs</summary><div class=\"wide\"><table>");
    html.head(List.of("input", "values", "meaning"));
    for (Experiment.Input input : report.plan().experiment().inputs()) {
      String values =
          report.sources().stream()
              .flatMap(source -> source.about().extent().values(input.name()).stream())
              .distinct()
              .collect(Collectors.joining(", "));
      html.row(List.of(input.name(), values, input.meaning()));
    }
    html.raw("</table></div></details>");
    html.raw("<p class=\"files\">").link("samples.csv", "all samples, with inputs and seeds (CSV)");
    html.raw("</p>");
  }

  private void facts(Source source) {
    long invalid = source.invalid().size();
    html.row(
        List.of(
            "plan",
            report.plan().name()
                + (source.about().quick() ? ", quick version" : "")
                + ", experiment "
                + source.about().experiment()));
    if (!report.plan().runs().chosen().isEmpty()) {
      html.row(List.of("in place of the plan's", report.plan().runs().chosen().toString()));
    }
    html.row(
        List.of(
            "testbed",
            source.about().testbed().equals("sim")
                ? "sim: virtual time, from a seed"
                : "live: real processes, in real time, on " + source.about().hosts()));
    html.row(
        List.of(
            "runs",
            source.about().extent().points().size()
                + " points, "
                + source.about().extent().repetitions()
                + (source.about().extent().repetitions() == 1 ? " time; " : " times each; ")
                + (source.runs().size() - invalid)
                + " valid, "
                + invalid
                + " invalid, "
                + (source.about().extent().runs() - source.runs().size())
                + " not run"));
    html.row(
        List.of(
            "seed",
            source.about().seeded().seed()
                + "; that of each run follows from it, the inputs and the repetition"));
    Product product = source.about().product();
    html.row(
        List.of(
            "version",
            product.version() + ", commit " + product.commit() + ", classes " + product.code()));
    html.row(List.of("machine", distinct(source, run -> machine(run.circumstances().machine()))));
    html.row(List.of("time", time(source)));
  }

  private static String distinct(Source source, Function<RunRecord, String> fact) {
    return source.runs().stream()
        .map(run -> fact.apply(run.record()))
        .distinct()
        .collect(Collectors.joining("; "));
  }

  private static String machine(Machine machine) {
    return machine.cpu()
        + ", "
        + machine.processors()
        + " processors, "
        + String.format(Locale.ROOT, "%.1f GiB, ", machine.memoryBytes() / GIBIBYTE)
        + machine.kernel()
        + ", "
        + machine.jvm();
  }

  private static String time(Source source) {
    double seconds = 0;
    for (RunFiles run : source.runs()) {
      seconds += run.record().circumstances().seconds();
    }
    String first = begun(source).findFirst().orElse("never");
    String last = begun(source).reduce((one, other) -> other).orElse("never");
    return "runs begun from "
        + first
        + " to "
        + last
        + "; "
        + (seconds < 2 * MINUTE
            ? String.format(Locale.ROOT, "%.1f seconds", seconds)
            : seconds < 2 * HOUR
                ? String.format(Locale.ROOT, "%.0f minutes", seconds / MINUTE)
                : String.format(Locale.ROOT, "%.1f hours", seconds / HOUR))
        + " in all"
        + beside(source);
  }

  private static String beside(Source source) {
    int most =
        source.runs().stream().mapToInt(run -> run.record().circumstances().jobs()).max().orElse(1);
    return most > 1 ? ", " + most + " runs at a time" : "";
  }

  private static Stream<String> begun(Source source) {
    return source.runs().stream().map(run -> run.record().circumstances().started()).sorted();
  }

  /** The inputs that have several values, with those of a run. */
  static String varied(Source source, Map<String, String> inputs) {
    return source.about().extent().varied().keySet().stream()
        .map(input -> input + "=" + inputs.get(input))
        .collect(Collectors.joining(" "));
  }
}
