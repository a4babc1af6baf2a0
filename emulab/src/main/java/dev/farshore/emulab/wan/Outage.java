package dev.farshore.emulab.wan;

import dev.farshore.agent.config.Quantity;
import java.util.ArrayList;
import java.util.List;

/**
 * A time during which nothing enters; people write {@code 10s+500ms}.
 *
 * @param afterNanos when it begins, from now; at least 0
 * @param lengthNanos how long it is; at least 1
 */
public record Outage(long afterNanos, long lengthNanos) {

  /** A hundred years: what is added to a clock must not overflow. */
  private static final long MOST_NANOS = 100L * 366 * 86_400 * 1_000_000_000;

  public Outage {
    if (afterNanos < 0 || afterNanos > MOST_NANOS || lengthNanos < 1 || lengthNanos > MOST_NANOS) {
      throw new IllegalArgumentException(
          "Outage after " + afterNanos + " ns of " + lengthNanos + " ns");
    }
  }

  /**
   * @param nowNanos when it was ordered
   */
  long beginNanos(long nowNanos) {
    return nowNanos + afterNanos;
  }

  /** Just after it. */
  long endNanos(long nowNanos) {
    return nowNanos + afterNanos + lengthNanos;
  }

  /**
   * @param texts each like {@code 10s+500ms}, or several of them with commas between
   * @throws IllegalArgumentException with what is wrong, for people
   */
  public static List<Outage> parse(List<String> texts) {
    List<Outage> outages = new ArrayList<>();
    for (String text : String.join(",", texts).split(",", -1)) {
      outages.add(parse(text.strip()));
    }
    return outages;
  }

  private static Outage parse(String text) {
    int plus = text.indexOf('+');
    if (plus < 1) {
      throw new IllegalArgumentException(
          "outage: '" + text + "' is not BEGIN+LENGTH, like 10s+500ms or 0+1s");
    }
    try {
      String begin = text.substring(0, plus);
      long afterNanos = begin.equals("0") ? 0 : Quantity.DURATION.parse(begin);
      return new Outage(afterNanos, Quantity.DURATION.parse(text.substring(plus + 1)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("outage: '" + text + "': " + e.getMessage(), e);
    }
  }
}
