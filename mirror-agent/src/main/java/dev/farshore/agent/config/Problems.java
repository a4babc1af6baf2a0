package dev.farshore.agent.config;

import java.util.ArrayList;
import java.util.List;
import org.tomlj.TomlPosition;

/** Collects what is wrong with one file, in the order of its lines. */
public final class Problems {
  private record Problem(int line, int column, String text) {}

  private final String file;
  private final List<Problem> found = new ArrayList<>();

  /**
   * @param file for the messages
   */
  public Problems(String file) {
    this.file = file;
  }

  void add(TomlPosition at, String text) {
    found.add(new Problem(at.line(), at.column(), text));
  }

  /**
   * @throws ConfigException with all that was found
   */
  public void throwIfAny() throws ConfigException {
    if (!found.isEmpty()) {
      throw new ConfigException(
          found.stream()
              .sorted(
                  java.util.Comparator.comparingInt(Problem::line)
                      .thenComparingInt(Problem::column))
              .map(p -> file + ":" + p.line() + ":" + p.column() + ": " + p.text())
              .toList());
    }
  }
}
