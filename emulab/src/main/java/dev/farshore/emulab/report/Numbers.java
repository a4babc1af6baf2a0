package dev.farshore.emulab.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as people read them. */
public final class Numbers {

  private static final int DIGITS = 4;
  private static final double LARGE = 1e9;
  private static final double SMALL = 1e-4;
  private static final int GROUP = 3;

  private Numbers() {}

  /** Four digits that count: {@code 727.3}, {@code 12,350}, {@code 0.0123}, {@code 3.2e-7}. */
  public static String text(double value) {
    if (value == 0) {
      return "0";
    }
    BigDecimal rounded =
        BigDecimal.valueOf(value).round(new MathContext(DIGITS, RoundingMode.HALF_EVEN));
    double size = Math.abs(value);
    if (size >= LARGE || size < SMALL) {
      int exponent = rounded.precision() - rounded.scale() - 1;
      return plain(rounded.movePointLeft(exponent)) + "e" + exponent;
    }
    return grouped(plain(rounded));
  }

  /** All digits. */
  public static String exact(double value) {
    return value == 0 ? "0" : grouped(plain(BigDecimal.valueOf(value)));
  }

  private static String plain(BigDecimal value) {
    return value.stripTrailingZeros().toPlainString();
  }

  private static String grouped(String plain) {
    int point = plain.indexOf('.');
    int first = plain.startsWith("-") ? 1 : 0;
    StringBuilder text = new StringBuilder(plain);
    for (int i = (point < 0 ? plain.length() : point) - GROUP; i > first; i -= GROUP) {
      text.insert(i, ',');
    }
    return text.toString();
  }
}
