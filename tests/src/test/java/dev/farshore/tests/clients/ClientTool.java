package dev.farshore.tests.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.farshore.tests.machine.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that others wrote. */
record ClientTool(String program, Path directory) {
  private static final long WATCHDOG_SECONDS = 300;

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
    Needs.programs(program);
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
      builder.environment().put("PATH", Needs.PATH);
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
