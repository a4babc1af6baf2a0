package dev.farshore.emulab.experiment;

import dev.farshore.agent.config.Quantity;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A value for each input of an experiment, as text in the words of the plan; read by the type that
 * the experiment needs.
 *
 * @param values by input, in the order of the inputs
 */
public record Point(Map<String, String> values) {

  public Point {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  public String text(String input) {
    String value = values.get(input);
    if (value == null) {
      throw new IllegalArgumentException("no input '" + input + "' in " + values);
    }
    return value;
  }

  /** In nanoseconds: {@code 25ms}. {@code 0} needs no unit. */
  public long nanos(String input) {
    return quantity(input, Quantity.DURATION);
  }

  /** In bytes: {@code 512KiB}. {@code 0} needs no unit. */
  public int bytes(String input) {
    return Math.toIntExact(quantity(input, Quantity.SIZE));
  }

  /** In bits a second: {@code 1Gbit}. */
  public long bitsPerSecond(String input) {
    return quantity(input, Quantity.RATE);
  }

  /** A whole number, 0 or more. */
  public int count(String input) {
    return (int) number(input, text(input), "[0-9]{1,9}", "a whole number");
  }

  /** A share of 1: {@code 0.1%}, or a number from 0 to 1. */
  public double share(String input) {
    String value = text(input);
    boolean percent = value.endsWith("%");
    String digits = percent ? value.substring(0, value.length() - 1).strip() : value;
    double number = number(input, digits, "[0-9]{1,3}(\\.[0-9]{1,12})?", "a share like 0.1%");
    double share = percent ? number / 100 : number;
    if (share > 1) {
      throw new IllegalArgumentException(input + ": " + value + " is more than the whole");
    }
    return share;
  }

  private long quantity(String input, Quantity quantity) {
    String value = text(input);
    try {
      return value.equals("0") ? 0 : quantity.parse(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(input + ": " + e.getMessage(), e);
    }
  }

  private static double number(String input, String digits, String shape, String noun) {
    if (!digits.matches(shape)) {
      throw new IllegalArgumentException(input + ": '" + digits + "' is not " + noun);
    }
    return Double.parseDouble(digits);
  }
}
