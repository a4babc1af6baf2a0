package dev.farshore.emulab.plan;

import dev.farshore.agent.config.Quantity;
import dev.farshore.agent.config.Section;
import dev.farshore.emulab.experiment.Experiment;
import dev.farshore.emulab.plan.Reference.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads one {@code [[plot]]}. */
final class PlotReader {

  private static final Pattern METRIC = Pattern.compile("[a-z0-9][a-z0-9.+-]{0,59}");
  private static final Pattern PLACE =
      Pattern.compile("\\s*(-?[0-9.]+(?:e-?[0-9]+)?)\\s*[:;]\\s*(-?[0-9.]+(?:e-?[0-9]+)?)\\s*");

  private final Section section;
  private final Experiment experiment;
  private final List<String> inputs;

  PlotReader(Section section, Experiment experiment) {
    this.section = section;
    this.experiment = experiment;
    this.inputs = experiment.inputs().stream().map(Experiment.Input::name).toList();
  }

  Plot plot() {
    String name = section.name("name");
    Plot.Words words =
        new Plot.Words(
            section.required("title"), section.required("shows"), section.text("paper", ""));
    Plot plot = new Plot(name, words, x(), y(), choice(), references());
    section.finish();
    return plot;
  }

  private Plot.XAxis x() {
    String from = section.required("x");
    if (!from.equals(Plot.AT) && !inputs.contains(from)) {
      section.report("x", "unknown '" + from + "'" + PlanReader.hint(from, and(Plot.AT)));
    }
    String unit = section.text("x-unit", "");
    if (!unit.isEmpty() && !XValue.isUnit(unit)) {
      section.report(
          "x-unit", "unknown '" + unit + "'; known are %, and those of sizes, times and rates");
    }
    return new Plot.XAxis(
        from,
        section.required("x-label"),
        unit.isEmpty() ? Optional.empty() : Optional.of(unit),
        section.flag("x-log", false),
        section.flag("x-nines", false));
  }

  private List<String> and(String more) {
    List<String> words = new ArrayList<>(inputs);
    words.add(more);
    return words;
  }

  private Plot.YAxis y() {
    section.required("y-label");
    List<String> metrics = section.words("y");
    if (metrics.isEmpty()) {
      section.report("y", "must name one metric or more");
    }
    metrics.stream()
        .filter(metric -> !METRIC.matcher(metric).matches())
        .forEach(metric -> section.report("y", "'" + metric + "' is not the name of a metric"));
    List<String> words = section.words("y-words");
    boolean log = section.flag("y-log", false);
    boolean share = section.flag("y-share", false);
    Map<String, Plot.Ends> ends = ends(metrics);
    if (!words.isEmpty() && log) {
      section.report("y-words", "words are not on a logarithmic scale");
    }
    if (share && !ends.isEmpty()) {
      section.report("y-ends", "a share has the ends that follow from the runs");
    }
    return new Plot.YAxis(metrics, section.text("y-label", ""), factor(), log, share, ends, words);
  }

  private Map<String, Plot.Ends> ends(List<String> metrics) {
    Map<String, Plot.Ends> ends = new LinkedHashMap<>();
    Section said = section.section("y-ends");
    for (String metric : said.keys()) {
      List<String> both = said.words(metric);
      if (!metrics.contains(metric)) {
        said.report(metric, "is no metric in y");
      } else if (both.size() != 2 || !both.stream().allMatch(METRIC.asMatchPredicate())) {
        said.report(metric, "must name two metrics: the lower end, and the upper");
      } else {
        ends.put(metric, new Plot.Ends(both.getFirst(), both.getLast()));
      }
    }
    return ends;
  }

  private double factor() {
    if (!section.has("y-factor")) {
      return 1;
    }
    List<String> words = section.words("y-factor");
    try {
      double factor = words.size() == 1 ? Double.parseDouble(words.getFirst()) : 0;
      if (factor > 0 && Double.isFinite(factor)) {
        return factor;
      }
    } catch (NumberFormatException e) {
      section.report("y-factor", "'" + words.getFirst() + "' is not a number");
      return 1;
    }
    section.report("y-factor", "must be a number above 0");
    return 1;
  }

  private Plot.Choice choice() {
    List<String> series = section.words("series");
    for (String input : series) {
      if (!inputs.contains(input)) {
        section.report("series", "unknown input '" + input + "'" + PlanReader.hint(input, inputs));
      }
    }
    Map<String, String> names = new LinkedHashMap<>();
    Section shown = section.section("names");
    for (String word : shown.keys()) {
      names.put(word, shown.text(word, word));
    }
    return new Plot.Choice(series, where(section), names, PlanReader.kinds(section, experiment));
  }

  private Map<String, List<String>> where(Section of) {
    Map<String, List<String>> where = new LinkedHashMap<>();
    Section conditions = of.section("where");
    for (String input : conditions.keys()) {
      if (inputs.contains(input)) {
        where.put(input, conditions.words(input));
      } else {
        conditions.report(input, "unknown input" + PlanReader.hint(input, inputs));
      }
    }
    return where;
  }

  private List<Reference> references() {
    List<Reference> references = new ArrayList<>();
    for (Section one : section.sections("reference")) {
      references.add(
          new Reference(
              one.required("name"), one.required("source"), curve(one, 1 / factor()), where(one)));
      one.finish();
    }
    return references;
  }

  private static Reference.Curve curve(Section section, double usualUnit) {
    if (section.has("points")) {
      return points(section);
    }
    String curve = section.required("curve");
    if (!curve.equals("mathis")) {
      section.report("curve", "unknown '" + curve + "'; known: mathis (or give points)");
    }
    long roundTrip = quantity(section, "round-trip", Quantity.DURATION);
    long segment = quantity(section, "segment", Quantity.SIZE);
    double unit = section.has("unit") ? quantity(section, "unit", Quantity.RATE) : usualUnit;
    return new Reference.Mathis(roundTrip, segment, unit);
  }

  private static long quantity(Section section, String key, Quantity quantity) {
    try {
      long value = quantity.parse(section.required(key));
      if (value > 0) {
        return value;
      }
      section.report(key, "must be more than 0");
    } catch (IllegalArgumentException e) {
      section.report(key, e.getMessage());
    }
    return 1;
  }

  private static Reference.Points points(Section section) {
    List<Place> places = new ArrayList<>();
    for (String text : section.list("points", String.class, List.of())) {
      var matcher = PLACE.matcher(text);
      if (matcher.matches()) {
        places.add(
            new Place(Double.parseDouble(matcher.group(1)), Double.parseDouble(matcher.group(2))));
      } else {
        section.report("points", "'" + text + "' is not a place like \"0.1: 4.9\"");
      }
    }
    return new Reference.Points(places, section.flag("line", false));
  }
}
