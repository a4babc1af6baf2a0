package dev.farshore.emulab.wan;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What can be asked of a running link, one line each. */
public sealed interface Order {

  /** The orders as people write them. */
  String HELP =
      """
      close-entrance [forward|backward]    nothing new enters; what is in flight still arrives
      open-entrance [forward|backward]
      sever [forward|backward]             nothing new enters, and what is in flight is lost
      set [forward|backward] KEY=VALUE...  changes conditions, for example: set loss=0.5% delay=50ms
      outage [forward|backward] BEGIN+LENGTH...
                                           nothing enters then, for example: outage 10s+500ms 60s+2s
      heal [forward|backward]              ends every outage, also those to come
      show                                 the conditions now
      stats [json]                         what was passed and dropped
      quit                                 ends the link""";

  record CloseEntrance(List<Direction> directions) implements Order {}

  record OpenEntrance(List<Direction> directions) implements Order {}

  record Sever(List<Direction> directions) implements Order {}

  record Change(List<Direction> directions, Map<String, String> values) implements Order {}

  record Schedule(List<Direction> directions, List<Outage> outages) implements Order {}

  record Heal(List<Direction> directions) implements Order {}

  record Show() implements Order {}

  record Statistics(boolean json) implements Order {}

  record Help() implements Order {}

  record Quit() implements Order {}

  /**
   * @throws IllegalArgumentException with what is wrong, for people
   */
  static Order parse(String line) {
    List<String> words = Arrays.asList(line.strip().split("\\s+"));
    List<String> rest = words.subList(1, words.size());
    return switch (words.getFirst()) {
      case "close-entrance" -> new CloseEntrance(directionsOnly(rest));
      case "open-entrance" -> new OpenEntrance(directionsOnly(rest));
      case "sever" -> new Sever(directionsOnly(rest));
      case "set" -> change(rest);
      case "outage" -> schedule(rest);
      case "heal" -> new Heal(directionsOnly(rest));
      case "show" -> nothingMore(new Show(), rest);
      case "stats" ->
          rest.equals(List.of("json"))
              ? new Statistics(true)
              : nothingMore(new Statistics(false), rest);
      case "help" -> nothingMore(new Help(), rest);
      case "quit" -> nothingMore(new Quit(), rest);
      default ->
          throw new IllegalArgumentException(
              "unknown order '" + words.getFirst() + "'; known are:\n" + HELP);
    };
  }

  private static Order nothingMore(Order order, List<String> rest) {
    if (!rest.isEmpty()) {
      throw new IllegalArgumentException("'" + String.join(" ", rest) + "' is too much");
    }
    return order;
  }

  private static Order change(List<String> words) {
    boolean one = !words.isEmpty() && !words.getFirst().contains("=");
    List<Direction> directions = directionsOnly(one ? words.subList(0, 1) : List.of());
    Map<String, String> values = new LinkedHashMap<>();
    for (String word : one ? words.subList(1, words.size()) : words) {
      int equals = word.indexOf('=');
      if (equals < 1 || equals == word.length() - 1) {
        throw new IllegalArgumentException("'" + word + "' is not KEY=VALUE");
      }
      values.put(word.substring(0, equals), word.substring(equals + 1));
    }
    if (values.isEmpty()) {
      throw new IllegalArgumentException("nothing to set; for example: set loss=0.5% delay=50ms");
    }
    return new Change(directions, values);
  }

  private static Order schedule(List<String> words) {
    boolean one = !words.isEmpty() && !words.getFirst().contains("+");
    List<Direction> directions = directionsOnly(one ? words.subList(0, 1) : List.of());
    List<String> outages = one ? words.subList(1, words.size()) : words;
    if (outages.isEmpty()) {
      throw new IllegalArgumentException("no outage; for example: outage 10s+500ms");
    }
    return new Schedule(directions, Outage.parse(outages));
  }

  private static List<Direction> directionsOnly(List<String> words) {
    if (words.isEmpty()) {
      return List.of(Direction.values());
    }
    for (Direction direction : Direction.values()) {
      if (words.equals(List.of(direction.toString().toLowerCase(Locale.ROOT)))) {
        return List.of(direction);
      }
    }
    throw new IllegalArgumentException(
        "'" + String.join(" ", words) + "' is neither forward nor backward");
  }
}
