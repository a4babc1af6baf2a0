package dev.farshore.emulab.plan;

import dev.farshore.agent.config.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A value of an input as a number on an axis: {@code 25ms} in {@code s} is 0.025. */
final class XValue {

  static final String PERCENT = "%";
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");
  private static final Pattern SHARE = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,18})?)\\s*%");
  private static final int DIGITS = 12;

  private XValue() {}

  /** Empty if it is not a number, or not one with a unit of this kind. */
  static Optional<Double> of(String text, Optional<String> unit) {
    Matcher share = SHARE.matcher(text);
    boolean isShare = unit.map(PERCENT::equals).orElse(true);
    if (isShare && share.matches()) {
      return Optional.of(Double.parseDouble(share.group(1)));
    }
    if (NUMBER.matcher(text).matches()) {
      BigDecimal number = new BigDecimal(text);
      boolean whole = unit.map(PERCENT::equals).orElse(false);
      if (whole) {
        return Optional.of(number.movePointRight(2).doubleValue());
      }
      // Only zero is the same in all units.
      return unit.isEmpty() || number.signum() == 0
          ? Optional.of(number.doubleValue())
          : Optional.empty();
    }
    return unit.flatMap(one -> inUnit(text, one));
  }

  /** Whether a unit is one that values can be drawn in. */
  static boolean isUnit(String unit) {
    return unit.equals(PERCENT) || kind(unit).isPresent();
  }

  private static Optional<Quantity> kind(String unit) {
    for (Quantity quantity : Quantity.values()) {
      if (parsed(quantity, "1" + unit).isPresent()) {
        return Optional.of(quantity);
      }
    }
    return Optional.empty();
  }

  private static Optional<Double> inUnit(String text, String unit) {
    return kind(unit)
        .flatMap(
            quantity ->
                parsed(quantity, text)
                    .map(
                        value ->
                            BigDecimal.valueOf(value)
                                .divide(
                                    BigDecimal.valueOf(quantity.parse("1" + unit)),
                                    DIGITS,
                                    RoundingMode.HALF_EVEN)
                                .doubleValue()));
  }

  private static Optional<Long> parsed(Quantity quantity, String text) {
    try {
      return Optional.of(quantity.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
