package dev.farshore.emulab.report;

import dev.farshore.emulab.experiment.Point;
import dev.farshore.emulab.experiment.ShareInterval;
import dev.farshore.emulab.plan.Plot;
import dev.farshore.emulab.results.RunFiles;
import dev.farshore.emulab.results.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Makes the curves of a plot from runs. */
final class FigureMaker {

  /**
   * @param label of x
   * @param x NaN if it is a word
   */
  private record Place(String label, double x) {}

  /** What a curve is told apart by, the outermost first: testbed, inputs, metric. */
  private record Key(List<String> words) {
    String metric() {
      return words.getLast();
    }

    Key with(String metric) {
      List<String> others = new ArrayList<>(words.subList(0, words.size() - 1));
      others.add(metric);
      return new Key(others);
    }
  }

  private final Plot plot;
  private final boolean severalBeds;
  private final Map<Key, Map<Place, List<Double>>> values = new LinkedHashMap<>();

  private FigureMaker(Plot plot, boolean severalBeds) {
    this.plot = plot;
    this.severalBeds = severalBeds;
  }

  static Figure figure(Plot plot, List<Source> sources) {
    List<Point> points =
        sources.stream()
            .flatMap(source -> source.about().extent().points().stream())
            .filter(plot.choice()::takes)
            .toList();
    FigureMaker maker = new FigureMaker(plot.beside(points), sources.size() > 1);
    for (Source source : sources) {
      for (Point point : source.about().extent().points()) {
        if (plot.choice().takes(point)) {
          plot.y().metrics().forEach(metric -> maker.curve(source, point, metric));
        }
      }
      source.runs().forEach(run -> maker.add(source, run));
    }
    return maker.figure();
  }

  /** One that is expected, so that it is missed if no run has it. */
  private Map<Place, List<Double>> curve(Source source, Point point, String metric) {
    List<String> words = new ArrayList<>();
    words.add(source.name());
    plot.choice().series().forEach(input -> words.add(point.text(input)));
    words.add(metric);
    return values.computeIfAbsent(new Key(words), any -> new LinkedHashMap<>());
  }

  private void add(Source source, RunFiles run) {
    Point point = run.record().point();
    if (!run.record().isValid() || !plot.choice().takes(point)) {
      return;
    }
    Stream.concat(run.samples().stream(), run.machine().stream())
        .filter(sample -> sample.at().isPresent() == plot.x().isPlace())
        .filter(sample -> plot.y().needs(sample.metric()))
        .forEach(
            sample ->
                curve(source, point, sample.metric())
                    .computeIfAbsent(place(point, sample), any -> new ArrayList<>())
                    .add(sample.value() * plot.y().factor()));
  }

  private Place place(Point point, Sample sample) {
    if (sample.at().isPresent()) {
      return new Place(Numbers.exact(sample.at().get()), sample.at().get());
    }
    String label = point.text(plot.x().from());
    return new Place(label, plot.place(point).orElse(Double.NaN));
  }

  private Figure figure() {
    List<String> words = words();
    List<Curve> curves = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    List<Map.Entry<Key, Map<Place, List<Double>>>> drawn =
        values.entrySet().stream()
            .filter(one -> plot.y().metrics().contains(one.getKey().metric()))
            .toList();
    Styles styles = new Styles(drawn.stream().map(one -> one.getKey().words()).toList());
    for (Map.Entry<Key, Map<Place, List<Double>>> one : drawn) {
      String name = name(one.getKey());
      if (one.getValue().isEmpty()) {
        missing.add(name);
        continue;
      }
      List<String> key = one.getKey().words();
      curves.add(new Curve(name, styles.color(key), styles.style(key), marks(one.getKey(), words)));
    }
    return new Figure(plot, curves, words, missing);
  }

  private List<String> words() {
    Set<String> labels = new LinkedHashSet<>();
    boolean any = false;
    for (Map<Place, List<Double>> curve : values.values()) {
      for (Place place : curve.keySet()) {
        labels.add(place.label());
        any |= Double.isNaN(place.x());
      }
    }
    return any ? List.copyOf(labels) : List.of();
  }

  private List<Mark> marks(Key key, List<String> words) {
    return values.get(key).entrySet().stream()
        .map(
            one ->
                new Mark(
                    one.getKey().label(),
                    words.isEmpty() ? one.getKey().x() : words.indexOf(one.getKey().label()),
                    mean(one.getValue()),
                    spread(key, one.getKey(), one.getValue()),
                    one.getValue().size()))
        .sorted(Comparator.comparingDouble(Mark::x))
        .toList();
  }

  private double mean(List<Double> those) {
    double share = Statistics.above(those) / (double) those.size();
    return plot.y().share() ? share * plot.y().factor() : Statistics.mean(those);
  }

  private Spread spread(Key key, Place place, List<Double> those) {
    if (plot.y().share()) {
      ShareInterval interval = ShareInterval.of(Statistics.above(those), those.size());
      double factor = plot.y().factor();
      return new Spread.Interval(interval.low() * factor, interval.high() * factor);
    }
    Plot.Ends ends = plot.y().ends().get(key.metric());
    if (ends == null) {
      return new Spread.Deviation(Statistics.deviation(those));
    }
    return new Spread.Interval(at(key.with(ends.low()), place), at(key.with(ends.high()), place));
  }

  private double at(Key key, Place place) {
    List<Double> those = values.getOrDefault(key, Map.of()).get(place);
    if (those == null) {
      throw new IllegalStateException("no run has " + key.metric() + " at " + place.label());
    }
    return Statistics.mean(those);
  }

  private String name(Key key) {
    List<String> shown = new ArrayList<>();
    List<String> inputs = plot.choice().series();
    for (int i = 0; i < inputs.size(); i++) {
      String value = key.words().get(i + 1);
      String said = plot.choice().shown(value);
      boolean bare = said.equals(value) && Character.isDigit(value.charAt(0));
      shown.add(bare ? plot.choice().shown(inputs.get(i)) + " " + value : said);
    }
    if (plot.y().metrics().size() > 1 || shown.isEmpty()) {
      shown.add(plot.choice().shown(key.words().getLast()));
    }
    if (severalBeds) {
      shown.add(key.words().getFirst());
    }
    return String.join(", ", shown);
  }
}
