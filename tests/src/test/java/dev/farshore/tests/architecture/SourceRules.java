package dev.farshore.tests.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What no source of the product may hold, as far as the compiled classes do not show it. */
final class SourceRules {
  /** Lines of a source of the product. */
  static final int LINES_MAX = 430;

  /** A test may hold one long list of cases. */
  static final int TEST_LINES_MAX = 450;

  private static final Pattern TYPE =
      Pattern.compile("\\b(?:class|interface|record|enum)\\s+([A-Z][A-Za-z0-9]*)");

  /** Names that hide a missing noun. */
  private static final Set<String> EMPTY_NOUNS =
      Set.of("Manager", "Util", "Utils", "Helper", "Helpers", "Impl", "Base", "Common", "Context");

  private record Leftover(Pattern pattern, String name) {}

  private static final List<Leftover> LEFTOVERS =
      List.of(
          new Leftover(Pattern.compile("\\b(?:TO" + "DO|FIX" + "ME|XX" + "X)\\b"), "a leftover"),
          new Leftover(Pattern.compile("\\.printStack" + "Trace\\("), "a printed stack trace"),
          new Leftover(Pattern.compile("@Dis" + "abled\\b"), "a switched-off test"),
          // A foreign function may throw anything: caught to be thrown on at once is fine.
          new Leftover(
              Pattern.compile(
                  "catch \\((?:final )?(?:Exc"
                      + "eption|Throw"
                      + "able) \\w+\\) \\{\\s*+(?!throw )"),
              "a catch of everything"),
          new Leftover(Pattern.compile("catch \\([^)]*\\) \\{\\s*\\}"), "a swallowed exception"));

  private SourceRules() {}

  /**
   * @param name of the file, for the messages
   * @return one line for each offence
   */
  static List<String> offences(String name, String source) {
    List<String> found = new ArrayList<>();
    long lines = source.lines().count();
    int most = name.contains("src/test/") ? TEST_LINES_MAX : LINES_MAX;
    if (lines > most) {
      found.add(name + ": " + lines + " lines, at most " + most);
    }
    for (Leftover leftover : LEFTOVERS) {
      Matcher matcher = leftover.pattern().matcher(source);
      while (matcher.find()) {
        found.add(name + ":" + lineOf(source, matcher.start()) + ": " + leftover.name());
      }
    }
    Matcher types = TYPE.matcher(source);
    while (types.find()) {
      for (String noun : EMPTY_NOUNS) {
        if (types.group(1).endsWith(noun)) {
          found.add(name + ": " + types.group(1) + " is named after nothing");
        }
      }
    }
    return found;
  }

  private static long lineOf(String source, int position) {
    return source.substring(0, position).chars().filter(c -> c == '\n').count() + 1;
  }
}
