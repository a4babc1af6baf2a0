package dev.farshore.tests.crash;

import dev.farshore.tests.machine.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Programs of the operating system that these tests need. */
final class Tools {

  private Tools() {}

  static void requireRoot() throws IOException {
    Needs.that(run("id", "-u").strip().equals("0"), "root");
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
    builder.environment().put("PATH", Needs.PATH);
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
