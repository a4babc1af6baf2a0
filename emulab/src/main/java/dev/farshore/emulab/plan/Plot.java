package dev.farshore.emulab.plan;

import dev.farshore.emulab.experiment.Point;
import dev.farshore.emulab.testbed.Testbed;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One figure.
 *
 * @param name of its files
 */
public record Plot(
    String name, Words words, XAxis x, YAxis y, Choice choice, List<Reference> references) {

  /** {@link XAxis#from} of a figure over the places within a run. */
  public static final String AT = "at";

  public Plot {
    references = List.copyOf(references);
  }

  /**
   * @param shows how to read it
   * @param paper what the paper says here; empty if that is said for the whole plan
   */
  public record Words(String title, String shows, String paper) {}

  /**
   * @param from an input, or {@link #AT}
   * @param label with the unit
   * @param unit in which an input's values are drawn
   * @param nines whether places are percentiles, stretched at their end
   */
  public record XAxis(
      String from, String label, Optional<String> unit, boolean log, boolean nines) {

    public boolean isPlace() {
      return from.equals(AT);
    }
  }

  /**
   * @param metrics each of which is a curve
   * @param label with the unit
   * @param factor from what was measured to what is drawn
   * @param share whether the share of the runs is drawn in which a metric is above 0
   * @param ends of the bar of a metric, where a run says them
   * @param words for the values 0, 1 and so on; else empty
   */
  public record YAxis(
      List<String> metrics,
      String label,
      double factor,
      boolean log,
      boolean share,
      Map<String, Ends> ends,
      List<String> words) {

    public YAxis {
      metrics = List.copyOf(metrics);
      ends = Map.copyOf(ends);
      words = List.copyOf(words);
    }

    /** Whether a figure is made of this metric, as a curve or as the end of a bar. */
    public boolean needs(String metric) {
      return metrics.contains(metric)
          || ends.values().stream()
              .anyMatch(one -> one.low().equals(metric) || one.high().equals(metric));
    }

    /** Empty if there is none for this value. */
    public Optional<String> word(double value) {
      int number = (int) Math.rint(value);
      boolean is = number == value && number >= 0 && number < words.size();
      return is ? Optional.of(words.get(number)) : Optional.empty();
    }
  }

  /** Metrics that say from where to where a bar goes: an interval of 95 %. */
  public record Ends(String low, String high) {}

  /**
   * @param series inputs, each combination of whose values is a curve
   * @param where values of inputs: other points are left out
   * @param names what is shown for a metric, for an input in {@code series}, or for a value of one
   * @param testbeds that know the metrics
   */
  public record Choice(
      List<String> series,
      Map<String, List<String>> where,
      Map<String, String> names,
      Set<Testbed.Kind> testbeds) {

    public Choice {
      series = List.copyOf(series);
    }

    public boolean isOf(Testbed.Kind kind) {
      return testbeds.contains(kind);
    }

    public boolean takes(Point point) {
      return where.entrySet().stream()
          .allMatch(only -> only.getValue().contains(point.text(only.getKey())));
    }

    public String shown(String word) {
      return names.getOrDefault(word, word);
    }
  }

  /** The same beside these points: references that do not belong there are left out. */
  public Plot beside(List<Point> points) {
    List<Reference> those = references.stream().filter(one -> one.holds(points)).toList();
    return new Plot(name, words, x, y, choice, those);
  }

  /** Where on the x axis a point is; empty if its input is a word, or is not what places it. */
  public Optional<Double> place(Point point) {
    return x.isPlace() ? Optional.empty() : XValue.of(point.text(x.from()), x.unit());
  }
}
