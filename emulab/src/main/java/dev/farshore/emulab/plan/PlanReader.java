package dev.farshore.emulab.plan;

import dev.farshore.agent.config.ConfigException;
import dev.farshore.agent.config.Problems;
import dev.farshore.agent.config.Quantity;
import dev.farshore.agent.config.Section;
import dev.farshore.emulab.experiment.Experiment;
import dev.farshore.emulab.testbed.Testbed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a plan, and finds at once all that is wrong with it. */
public final class PlanReader {

  private static final int REPETITIONS = 5;
  private static final int REPETITIONS_MAX = 100_000;
  private static final int POINTS_MAX = 100_000;
  private static final List<String> TAKES = List.of("sim", "live", "quick-sim", "quick-live");

  /** More than plans with the paper's parameters need. */
  private static final String MEMORY = "1GiB";

  private static final String QUICK_MEMORY = "256MiB";

  private final List<Experiment> known;
  private final Section root;
  private final Problems problems;

  private PlanReader(List<Experiment> known, Section root, Problems problems) {
    this.known = known;
    this.root = root;
    this.problems = problems;
  }

  /**
   * @param name of the plan
   * @param text of its file
   * @param file for the messages
   * @param known experiments
   * @throws ConfigException with every problem that was found
   */
  public static Plan read(String name, String text, String file, List<Experiment> known)
      throws ConfigException {
    Problems problems = new Problems(file);
    Plan plan = new PlanReader(known, Section.file(text, problems), problems).plan(name, text);
    problems.throwIfAny();
    List<String> wrong = PlotCheck.problems(plan);
    if (!wrong.isEmpty()) {
      throw new ConfigException(wrong.stream().map(line -> file + ": " + line).toList());
    }
    return plan;
  }

  private Plan plan(String name, String text) throws ConfigException {
    Experiment experiment = experiment();
    Plan.Words words =
        new Plan.Words(root.required("title"), root.required("question"), root.required("paper"));
    Plan.Runs runs = runs(experiment);
    List<Plot> plots = new ArrayList<>();
    for (Section section : root.sections("plot")) {
      Plot plot = new PlotReader(section, experiment).plot();
      if (plots.stream().anyMatch(other -> other.name().equals(plot.name()))) {
        section.report("name", "there is another plot '" + plot.name() + "'");
      }
      plots.add(plot);
    }
    if (plots.isEmpty()) {
      root.report("plot", "there is none: a plan has one [[plot]] or more");
    }
    root.finish();
    return new Plan(name, experiment, words, runs, plots, text);
  }

  private Experiment experiment() throws ConfigException {
    String name = root.required("experiment");
    for (Experiment one : known) {
      if (one.name().equals(name)) {
        return one;
      }
    }
    Set<String> names = known.stream().map(Experiment::name).collect(Collectors.toSet());
    if (root.has("experiment")) {
      root.report("experiment", "unknown '" + name + "'" + hint(name, names));
    }
    // Inputs mean nothing without it.
    problems.throwIfAny();
    throw new IllegalStateException("a plan without an experiment was accepted");
  }

  static String hint(String word, Collection<String> known) {
    String near = Section.hint(word, new LinkedHashSet<>(known.stream().sorted().toList()));
    return near + "; known: " + String.join(", ", known.stream().sorted().toList());
  }

  private Plan.Runs runs(Experiment experiment) {
    int seed = root.number("seed", 1, 0, Integer.MAX_VALUE);
    int repetitions = root.number("repetitions", REPETITIONS, 1, REPETITIONS_MAX);
    Map<String, List<String>> usual = new LinkedHashMap<>();
    experiment.inputs().forEach(input -> usual.put(input.name(), List.of(input.usual())));
    Map<String, List<String>> inputs = changed(usual, values(root.section("inputs"), usual));
    List<Map<String, List<String>>> sweeps = sweeps(root, usual);
    Map<String, List<String>> chosen = values(root.section("set"), usual);
    Extent full = new Extent(products(inputs, sweeps, chosen), repetitions);

    if (!root.has("quick")) {
      root.report("quick", "the table [quick] is missing: how to run it in a few seconds");
    }
    Section section = root.section("quick");
    Map<String, List<String>> changes = values(section.section("inputs"), usual);
    List<Map<String, List<String>>> quickSweeps = sweeps(section, usual);
    List<Map<String, List<String>>> products =
        section.has("sweep")
            ? products(changed(inputs, changes), quickSweeps, chosen)
            : products(inputs, sweeps, changed(changes, chosen));
    Extent quick =
        new Extent(products, section.number("repetitions", repetitions, 1, REPETITIONS_MAX));
    Set<Testbed.Kind> kinds = kinds(section, experiment);
    section.finish();
    tooMany(full);
    Section times = root.section("takes");
    Plan.Runs.Memory memory =
        new Plan.Runs.Memory(
            memory(times, "memory", MEMORY), memory(times, "quick-memory", QUICK_MEMORY));
    Plan.Runs runs =
        new Plan.Runs(seed, full, quick, new ChosenValues(chosen), kinds, takes(times), memory);
    times.finish();
    return runs;
  }

  private void tooMany(Extent full) {
    for (Map<String, List<String>> product : full.products()) {
      double points = product.values().stream().mapToDouble(List::size).reduce(1, (a, b) -> a * b);
      if (points > POINTS_MAX) {
        root.report("inputs", "more than " + POINTS_MAX + " points");
      }
    }
  }

  private static Map<String, String> takes(Section section) {
    Map<String, String> takes = new LinkedHashMap<>();
    for (String key : TAKES) {
      String text = section.text(key, "");
      if (text.isEmpty()) {
        continue;
      }
      try {
        Quantity.DURATION.parse(text);
        takes.put(key, text);
      } catch (IllegalArgumentException e) {
        section.report(key, e.getMessage());
      }
    }
    return takes;
  }

  private static long memory(Section section, String key, String usual) {
    String text = section.text(key, usual);
    try {
      long bytes = Quantity.SIZE.parse(text);
      if (bytes > 0) {
        return bytes;
      }
      section.report(key, "no run is done in nothing");
    } catch (IllegalArgumentException e) {
      section.report(key, e.getMessage());
    }
    return Quantity.SIZE.parse(usual);
  }

  /** Values of inputs, as a table says them. */
  private static Map<String, List<String>> values(
      Section section, Map<String, List<String>> inputs) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String key : section.keys()) {
      List<String> words = section.words(key);
      if (!inputs.containsKey(key)) {
        section.report(key, "unknown input" + hint(key, inputs.keySet()));
      } else if (words.isEmpty()) {
        section.report(key, "has no value");
      } else if (words.stream().distinct().count() < words.size()) {
        section.report(key, "has a value twice");
      } else if (words.stream().anyMatch(word -> !word.matches("[ -~&&[^\"]]{1,60}"))) {
        section.report(key, "a value has a quote, or not 1 to 60 characters of ASCII");
      } else {
        values.put(key, words);
      }
    }
    return values;
  }

  private static List<Map<String, List<String>>> sweeps(
      Section section, Map<String, List<String>> inputs) {
    return section.sections("sweep").stream().map(one -> values(one, inputs)).toList();
  }

  private static List<Map<String, List<String>>> products(
      Map<String, List<String>> inputs,
      List<Map<String, List<String>>> sweeps,
      Map<String, List<String>> last) {
    if (sweeps.isEmpty()) {
      return List.of(changed(inputs, last));
    }
    return sweeps.stream().map(sweep -> changed(changed(inputs, sweep), last)).toList();
  }

  private static Map<String, List<String>> changed(
      Map<String, List<String>> from, Map<String, List<String>> changes) {
    Map<String, List<String>> changed = new LinkedHashMap<>(from);
    changed.putAll(changes);
    return changed;
  }

  /** Those that {@code testbeds} names; without it all that the experiment can run on. */
  static Set<Testbed.Kind> kinds(Section section, Experiment experiment) {
    Set<Testbed.Kind> possible = EnumSet.copyOf(experiment.testbeds());
    Set<Testbed.Kind> kinds = EnumSet.noneOf(Testbed.Kind.class);
    for (String word : section.words("testbeds")) {
      Kinds.named(word)
          .filter(possible::contains)
          .ifPresentOrElse(
              kinds::add,
              () ->
                  section.report(
                      "testbeds",
                      "'" + word + "' is none of " + possible.stream().map(Kinds::word).toList()));
    }
    return kinds.isEmpty() ? possible : kinds;
  }
}
