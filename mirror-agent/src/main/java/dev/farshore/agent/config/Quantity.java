package dev.farshore.agent.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number with its unit, as people write it: {@code 64MiB}, {@code 10ms}, {@code 1Gbit}. A number
 * without a unit is refused, because nobody remembers which one was meant.
 */
public enum Quantity {
  /** In bytes: {@code B}, {@code kB MB GB TB} (powers of 1000), {@code KiB MiB GiB TiB}. */
  SIZE("a size", "64MiB"),
  /** In nanoseconds: {@code ns us ms s min h d}. */
  DURATION("a duration", "10ms"),
  /** In bits a second: {@code bit kbit Mbit Gbit}. */
  RATE("a rate", "1Gbit");

  private static final Pattern SHAPE =
      Pattern.compile("\\s*([0-9]+(?:\\.[0-9]+)?)\\s*([A-Za-zµ]*)");
  private static final int LONGEST = 40;

  private final String noun;
  private final String example;
  private final Map<String, Long> units = new LinkedHashMap<>();

  static {
    long step = 1;
    for (String unit : List.of("B", "KiB", "MiB", "GiB", "TiB")) {
      SIZE.units.put(unit, step);
      step *= 1024;
    }
    step = 1000;
    for (String unit : List.of("kB", "MB", "GB", "TB")) {
      SIZE.units.put(unit, step);
      step *= 1000;
    }
    step = 1;
    for (String unit : List.of("ns", "us", "ms", "s")) {
      DURATION.units.put(unit, step);
      step *= 1000;
    }
    DURATION.units.put("min", 60_000_000_000L);
    DURATION.units.put("h", 3600_000_000_000L);
    DURATION.units.put("d", 86_400_000_000_000L);
    step = 1;
    for (String unit : List.of("bit", "kbit", "Mbit", "Gbit")) {
      RATE.units.put(unit, step);
      step *= 1000;
    }
  }

  Quantity(String noun, String example) {
    this.noun = noun;
    this.example = example;
  }

  /** How people write one. */
  String example() {
    return example;
  }

  /**
   * Reads a number and its unit.
   *
   * @return bytes, nanoseconds or bits a second
   * @throws IllegalArgumentException with what is wrong, for people
   */
  public long parse(String text) {
    Matcher matcher = SHAPE.matcher(text);
    if (text.length() > LONGEST || !matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + abbreviated(text) + "' is not " + noun + " like " + example);
    }
    String unit = matcher.group(2);
    if (unit.isEmpty()) {
      throw new IllegalArgumentException(
          "'" + text.strip() + "' has no unit: write " + noun + " like " + example + " " + known());
    }
    Long factor = units.get(unit.equals("µs") ? "us" : unit);
    if (factor == null) {
      throw new IllegalArgumentException("unknown unit '" + unit + "' for " + noun + " " + known());
    }
    try {
      return new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(factor)).longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "'" + text.strip() + "' is too large, or not a whole number of " + smallest(), e);
    }
  }

  /** Writes a value with the largest unit that keeps it whole; {@link #parse} reads it back. */
  public String exact(long value) {
    String best = smallest();
    for (Map.Entry<String, Long> unit : units.entrySet()) {
      boolean divides = value % unit.getValue() == 0;
      if (value != 0 && divides && unit.getValue() > units.get(best)) {
        best = unit.getKey();
      }
    }
    return value / units.get(best) + best;
  }

  private String smallest() {
    return units.keySet().iterator().next();
  }

  private String known() {
    return "(" + String.join(", ", new ArrayList<>(units.keySet())) + ")";
  }

  private static String abbreviated(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
  }
}
