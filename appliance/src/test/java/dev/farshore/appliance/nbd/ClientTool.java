package dev.farshore.appliance.nbd;

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
 * An NBD client that others wrote, as a program. Where it is not installed its tests are skipped,
 * with a line that says so; with {@code CI=true} in the environment they fail.
 */
record ClientTool(String program, Path directory) {

  /** What a run printed, both streams. */
  record Run(int status, String output) {
    Run succeeds() {
      assertEquals(0, status, output);
      return this;
    }

    Run fails() {
      assertNotEquals(0, status, output);
      return this;
    }
  }

  /**
   * @param directory where it runs
   */
  static ClientTool installed(String program, Path directory) {
    boolean found =
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
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
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    try {
      Path output = Files.createTempFile(directory, program, ".out");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      // nbdsh runs the first python3 that it finds, but its module belongs to the system's.
      builder.environment().merge("PATH", "/usr/bin:", (path, system) -> system + path);
      Process process = builder.start();
      if (!process.waitFor(LoopbackServer.WATCHDOG_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        fail(command + " hangs: " + Files.readString(output));
      }
      return new Run(process.exitValue(), Files.readString(output));
    } catch (IOException | InterruptedException cause) {
      throw new AssertionError(command.toString(), cause);
    }
  }
}
