package dev.farshore.emulab.plan;

import dev.farshore.emulab.experiment.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How much is run.
 *
 * @param products for each input its values; the points are all combinations of each, in their
 *     order, the last input changing first; those that occurred before are left out
 * @param repetitions of each point
 */
public record Extent(List<Map<String, List<String>>> products, int repetitions) {

  public Extent {
    products = List.copyOf(products);
  }

  public List<Point> points() {
    Set<Point> points = new LinkedHashSet<>();
    for (Map<String, List<String>> product : products) {
      combine(product, List.copyOf(product.keySet()), new LinkedHashMap<>(), points);
    }
    return new ArrayList<>(points);
  }

  public int runs() {
    return points().size() * repetitions;
  }

  private static void combine(
      Map<String, List<String>> product,
      List<String> inputs,
      Map<String, String> chosen,
      Set<Point> points) {
    if (inputs.isEmpty()) {
      points.add(new Point(chosen));
      return;
    }
    String input = inputs.getFirst();
    for (String value : product.get(input)) {
      chosen.put(input, value);
      combine(product, inputs.subList(1, inputs.size()), chosen, points);
    }
  }

  /**
   * The values that an input has, in the order in which they occur; empty if there is none such.
   */
  public List<String> values(String input) {
    Set<String> values = new LinkedHashSet<>();
    products.forEach(product -> values.addAll(product.getOrDefault(input, List.of())));
    return new ArrayList<>(values);
  }

  /** The inputs that have more than one value, with their values. */
  public Map<String, List<String>> varied() {
    Map<String, List<String>> varied = new LinkedHashMap<>();
    for (String input : products.getFirst().keySet()) {
      List<String> values = values(input);
      if (values.size() > 1) {
        varied.put(input, values);
      }
    }
    return varied;
  }
}
