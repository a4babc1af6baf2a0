package dev.farshore.tests.machine;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a test needs of the machine. Where that is missing the test is skipped, with a line that
 * says why; in continuous integration ({@code CI=true}) it fails instead.
 */
public final class Needs {

  /** Where programs are looked for: the path, and what only root has on it. */
  public static final String PATH = System.getenv("PATH") + ":/usr/sbin:/sbin";

  private Needs() {}

  public static void programs(String... programs) {
    for (String program : programs) {
      that(
          Stream.of(PATH.split(":")).anyMatch(path -> Files.isExecutable(Path.of(path, program))),
          program);
    }
  }

  /**
   * @param what is missing unless {@code present}
   */
  public static void that(boolean present, String what) {
    if (present) {
      return;
    }
    String reason = "this needs " + what;
    if ("true".equals(System.getenv("CI"))) {
      fail(reason);
    }
    System.err.println("SKIPPED: " + reason);
    abort(reason);
  }
}
