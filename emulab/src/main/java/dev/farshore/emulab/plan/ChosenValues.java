package dev.farshore.emulab.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Values that take the place of a plan's, for one who wants it shorter, farther away or otherwise
 * without a plan of his own. They become the table {@code [set]} of the plan's text, so that the
 * text that is kept with the results says all of what was run.
 *
 * @param values of inputs
 */
public record ChosenValues(Map<String, List<String>> values) {

  public static final ChosenValues NONE = new ChosenValues(Map.of());

  /** What a table of a plan can hold between quotes. */
  private static final String VALUE = "[ -~&&[^\"\\\\]]{1,60}";

  private static final String NAME = "[a-z][a-z-]{0,30}";

  public ChosenValues {
    Map<String, List<String>> ordered = new LinkedHashMap<>();
    values.forEach((input, its) -> ordered.put(input, List.copyOf(its)));
    values = ordered;
  }

  /**
   * @param texts {@code INPUT=VALUE} each; further values of an input are added
   * @throws IllegalArgumentException with the text that is none, for people
   */
  public static ChosenValues of(List<String> texts) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      String input = text.substring(0, Math.max(0, equals));
      String value = text.substring(equals + 1);
      if (!input.matches(NAME) || !value.matches(VALUE)) {
        throw new IllegalArgumentException("'" + text + "' is not INPUT=VALUE");
      }
      values.merge(
          input,
          List.of(value),
          (some, more) -> {
            if (some.containsAll(more)) {
              throw new IllegalArgumentException("'" + text + "' is said twice");
            }
            return Stream.concat(some.stream(), more.stream()).toList();
          });
    }
    return new ChosenValues(values);
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** To be added to the text of a plan; empty if nothing was chosen. */
  Optional<String> table() {
    if (isEmpty()) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder("\n# Chosen when it was run.\n[set]\n");
    values.forEach(
        (input, its) ->
            text.append(input).append(" = [\"").append(String.join("\", \"", its)).append("\"]\n"));
    return Optional.of(text.toString());
  }

  /** {@code INPUT=VALUE}, of several values with commas; for people. */
  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(one -> one.getKey() + "=" + String.join(",", one.getValue()))
        .collect(Collectors.joining(" "));
  }
}
