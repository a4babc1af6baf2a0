package dev.farshore.emulab.wan;

import java.util.Map;
import java.util.OptionalLong;

/**
 * How long ago entrances closed, at the end of the answer to the order that closed them: for
 * people, and for whoever gives the order from another machine, with another clock. All that the
 * way back and the rest of the order have taken does not make the moment less certain to them.
 */
public final class ClosedSince {

  private static final String BEGIN = "closed ";
  private static final String END = " ns ago";

  private ClosedSince() {}

  /** A line for each, after a newline. */
  static String lines(Map<Direction, Long> sinceNanos, long nowNanos) {
    StringBuilder lines = new StringBuilder();
    sinceNanos.forEach(
        (direction, nanos) ->
            lines.append("\n" + BEGIN + direction + " " + (nowNanos - nanos) + END));
    return lines.toString();
  }

  /**
   * @param answer to an order that closed entrances
   * @return nanoseconds from the end of the closing to the answer; empty if it does not say
   */
  public static OptionalLong nanos(String answer, Direction direction) {
    String begin = BEGIN + direction + " ";
    return answer
        .lines()
        .filter(line -> line.startsWith(begin) && line.endsWith(END))
        .map(line -> line.substring(begin.length(), line.length() - END.length()))
        .filter(number -> number.matches("[0-9]{1,18}"))
        .mapToLong(Long::parseLong)
        .findFirst();
  }
}
