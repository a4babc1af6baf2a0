package dev.farshore.emulab.plan;

import dev.farshore.emulab.testbed.Testbed;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The words for the kinds of testbeds: {@code sim}, {@code live}. */
public final class Kinds {

  public static final List<String> WORDS =
      Arrays.stream(Testbed.Kind.values()).map(Kinds::word).toList();

  private Kinds() {}

  public static String word(Testbed.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Testbed.Kind> named(String word) {
    return Arrays.stream(Testbed.Kind.values()).filter(kind -> word(kind).equals(word)).findFirst();
  }
}
