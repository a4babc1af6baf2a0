package dev.farshore.tests.crash;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs of the operating system that these tests need. */
final class Tools {

  private Tools() {}

  /**
   * Skips the test, saying why, if a program is missing; in continuous integration ({@code
   * CI=true}) it fails instead.
   */
  static void require(String... programs) {
    for (String program : programs) {
      if (find(program).isEmpty()) {
        unavailable("there is no " + program);
      }
    }
  }

  /** As {@link #require}, for the user root. */
  static void requireRoot() throws IOException {
    if (!run("id", "-u").strip().equals("0")) {
      unavailable("this needs root");
    }
  }

  static void unavailable(String reason) {
    if ("true".equals(System.getenv("CI"))) {
      fail(reason);
    }
    System.out.println("skipped: " + reason);
    abort(reason);
  }

  private static java.util.Optional<Path> find(String program) {
    String path = System.getenv("PATH") + File.pathSeparator + "/usr/sbin:/sbin";
    return List.of(path.split(File.pathSeparator)).stream()
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static Path nativeSource(String name) {
    return Path.of("src/test/native", name).toAbsolutePath();
  }

  /**
   * Runs a program to its end.
   *
   * @return what it printed
   */
  static String run(String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(String.join(" ", command) + " ended with " + code + ": " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return output;
  }
}
