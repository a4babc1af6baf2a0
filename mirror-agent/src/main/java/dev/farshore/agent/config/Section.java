package dev.farshore.agent.config;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * One table of a TOML file, read key by key. What is wrong goes to {@link Problems} and the default
 * is returned, so that one reading finds everything. {@link #finish} refuses the keys that nobody
 * asked for.
 */
public final class Section {
  private static final int NAME_BYTES_MAX = 64;

  private final String title;
  private final TomlTable table;
  private final TomlPosition start;
  private final Problems problems;
  private final Set<String> asked = new LinkedHashSet<>();

  /**
   * @param title as in the file, for messages
   * @param start where it begins, for keys that are missing
   */
  Section(String title, TomlTable table, TomlPosition start, Problems problems) {
    this.title = title;
    this.table = table;
    this.start = start;
    this.problems = problems;
  }

  /**
   * A whole file.
   *
   * @throws ConfigException if it is not TOML, or if anything was wrong already
   */
  public static Section file(String text, Problems problems) throws ConfigException {
    TomlParseResult toml = Toml.parse(text);
    toml.errors().forEach(error -> problems.add(error.position(), error.getMessage()));
    problems.throwIfAny();
    return new Section("", toml, TomlPosition.positionAt(1, 1), problems);
  }

  Problems problems() {
    return problems;
  }

  TomlPosition at(String key) {
    TomlPosition position = table.inputPositionOf(List.of(key));
    return position == null ? start : position;
  }

  /** In the order of the file. */
  public List<String> keys() {
    return List.copyOf(table.keySet());
  }

  public boolean has(String key) {
    asked.add(key);
    return table.contains(List.of(key));
  }

  /** Says that the value of a key is wrong. */
  public void report(String key, String text) {
    problems.add(at(key), path(key) + ": " + text);
  }

  private String path(String key) {
    return title.isEmpty() ? key : title + "." + key;
  }

  private Object value(String key) {
    return has(key) ? table.get(List.of(key)) : null;
  }

  private <T> T as(String key, Class<T> type, String noun, T absent) {
    Object value = value(key);
    if (value == null) {
      return absent;
    }
    if (!type.isInstance(value)) {
      report(key, "must be " + noun);
      return absent;
    }
    return type.cast(value);
  }

  public String text(String key, String absent) {
    return as(key, String.class, "a text in quotes", absent);
  }

  /** A text that must be there; a reported problem and the empty text if it is not. */
  public String required(String key) {
    if (!has(key)) {
      problems.add(start, path(key) + " is missing");
      return "";
    }
    return text(key, "");
  }

  /** A required name: letters, digits, {@code - _ .}, so that it can be part of a file name. */
  public String name(String key) {
    String name = required(key);
    if (has(key) && !isName(name)) {
      report(key, "'" + name + "' is not a name (letters, digits, '-', '_' and '.', not first)");
    }
    return name;
  }

  static boolean isName(String name) {
    return name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*")
        && name.getBytes(StandardCharsets.UTF_8).length <= NAME_BYTES_MAX;
  }

  public boolean flag(String key, boolean absent) {
    return as(key, Boolean.class, "true or false", absent);
  }

  boolean isNumber(String key) {
    return value(key) instanceof Long;
  }

  /** Says that a key has no meaning here, if it is there. */
  void refuse(String key, String reason) {
    if (has(key)) {
      report(key, reason);
    }
  }

  /** A whole number in a range, both ends included. */
  public int number(String key, int absent, int least, int most) {
    long value = as(key, Long.class, "a whole number", (long) absent);
    if (value < least || value > most) {
      report(key, value + " is not in " + least + " to " + most);
      return absent;
    }
    return (int) value;
  }

  public int requiredNumber(String key, int least, int most) {
    if (!has(key)) {
      problems.add(start, path(key) + " is missing");
      return least;
    }
    return number(key, least, least, most);
  }

  /** A number with its unit, in a range, both ends included. */
  long quantity(String key, Quantity quantity, long absent, long least, long most) {
    Object value = value(key);
    if (value == null) {
      return absent;
    }
    if (value instanceof Long || value instanceof Double) {
      report(key, value + " has no unit: write a text like \"" + quantity.example() + "\"");
      return absent;
    }
    return parsed(
        key,
        absent,
        text -> {
          long number = quantity.parse(text);
          if (number < least || number > most) {
            throw new IllegalArgumentException(
                text + " is not in " + quantity.exact(least) + " to " + quantity.exact(most));
          }
          return number;
        });
  }

  /** A text that means something else. */
  <T> T parsed(String key, T absent, Function<String, T> parser) {
    String text = text(key, null);
    if (text == null) {
      return absent;
    }
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      report(key, e.getMessage());
      return absent;
    }
  }

  /** One of an enum's words, written like {@code detach-mirror}. */
  <E extends Enum<E>> E word(String key, E absent) {
    return parsed(
        key,
        absent,
        text -> {
          Set<String> words = new LinkedHashSet<>();
          for (E each : EnumSet.allOf(absent.getDeclaringClass())) {
            if (wordOf(each).equals(text)) {
              return each;
            }
            words.add(wordOf(each));
          }
          throw new IllegalArgumentException(
              "unknown '"
                  + text
                  + "'"
                  + hint(text, words)
                  + "; known: "
                  + String.join(", ", words));
        });
  }

  static String wordOf(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Texts, numbers and truth values, one or a list of them, as texts: {@code 64}, {@code 0.001}.
   * Empty if the key is absent or, which is reported, of another kind.
   */
  public List<String> words(String key) {
    Object value = value(key);
    if (value == null) {
      return List.of();
    }
    List<Object> values = value instanceof TomlArray array ? array.toList() : List.of(value);
    List<String> words = new ArrayList<>();
    for (Object each : values) {
      switch (each) {
        case String text -> words.add(text);
        case Long number -> words.add(number.toString());
        case Double number when Double.isFinite(number) ->
            words.add(BigDecimal.valueOf(number).stripTrailingZeros().toPlainString());
        case Boolean truth -> words.add(truth.toString());
        default -> {
          report(key, "must be a text, a number, true or false, or a list of these");
          return List.of();
        }
      }
    }
    return words;
  }

  /** The elements of an array of one type; the default if the key is absent. */
  public <T> List<T> list(String key, Class<T> type, List<T> absent) {
    TomlArray array = as(key, TomlArray.class, "a list in brackets", null);
    if (array == null) {
      return absent;
    }
    List<T> elements = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      if (!type.isInstance(array.get(i))) {
        report(
            key, "element " + (i + 1) + " is not " + (type == Long.class ? "a number" : "a text"));
        return absent;
      }
      elements.add(type.cast(array.get(i)));
    }
    return elements;
  }

  /** A table inside this one; an empty one if it is absent. */
  public Section section(String key) {
    TomlTable inner = as(key, TomlTable.class, "a table [" + key + "]", null);
    return new Section(key, inner == null ? Toml.parse("") : inner, at(key), problems);
  }

  /** The tables {@code [[key]]}; none if it is absent. */
  public List<Section> sections(String key) {
    TomlArray array = as(key, TomlArray.class, "tables [[" + key + "]]", null);
    List<Section> sections = new ArrayList<>();
    for (int i = 0; array != null && i < array.size(); i++) {
      if (array.get(i) instanceof TomlTable inner) {
        sections.add(new Section(key, inner, array.inputPositionOf(i), problems));
      } else {
        report(key, "must be tables [[" + key + "]]");
      }
    }
    return sections;
  }

  /** Reports the keys that were not asked for. */
  public void finish() {
    for (String key : table.keySet()) {
      if (!asked.contains(key)) {
        problems.add(at(key), "unknown key '" + path(key) + "'" + hint(key, asked));
      }
    }
  }

  /** {@code ; did you mean '…'?}, or nothing if no word is near. */
  public static String hint(String word, Set<String> words) {
    return EditDistance.nearest(word, words)
        .map(near -> "; did you mean '" + near + "'?")
        .orElse("");
  }
}
