package dev.farshore.tests.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A program that others wrote. Where it is not installed its tests are skipped, with a line that
 * says so; with {@code CI=true} in the environment they fail.
 */
record ClientTool(String program, Path directory) {
  private static final long WATCHDOG_SECONDS = 300;
  private static final String PATH = System.getenv("PATH") + ":/usr/sbin:/sbin";

  /** What a run printed, both streams. */
  record Run(List<String> command, int status, String output) {
    Run succeeds() {
      assertEquals(0, status, () -> command + ": " + output);
      return this;
    }

    Run fails() {
      assertNotEquals(0, status, () -> command + ": " + output);
      return this;
    }

    Run says(String text) {
      if (!output.contains(text)) {
        fail("'" + text + "' is not in the output of " + command + ": " + output);
      }
      return this;
    }
  }

  /**
   * @param directory where it runs
   */
  static ClientTool installed(String program, Path directory) {
    boolean found =
        Stream.of(PATH.split(":")).anyMatch(path -> Files.isExecutable(Path.of(path, program)));
    if (!found) {
      String reason = program + " is not installed";
      if ("true".equals(System.getenv("CI"))) {
        fail(reason + ", and CI=true");
      }
      System.err.println("SKIPPED: " + reason);
      Assumptions.abort(reason);
    }
    return new ClientTool(program, directory);
  }

  Run run(String... arguments) {
    return run(List.of(arguments));
  }

  Run run(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(program);
    command.addAll(arguments);
    try {
      Path output = Files.createTempFile(directory, program, ".out");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().put("PATH", PATH);
      Process process = builder.start();
      if (!process.waitFor(WATCHDOG_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        fail(command + " hangs: " + Files.readString(output));
      }
      return new Run(command, process.exitValue(), Files.readString(output));
    } catch (IOException | InterruptedException cause) {
      throw new AssertionError(command.toString(), cause);
    }
  }
}
