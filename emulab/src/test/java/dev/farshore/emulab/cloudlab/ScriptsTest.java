package dev.farshore.emulab.cloudlab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.farshore.emulab.machine.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What runs on machines that are not here is at least well-formed. */
class ScriptsTest {

  @ParameterizedTest
  @ValueSource(strings = {"cloudlab/start-up", "cloudlab/run-plan", "bin/while-connected"})
  void aScriptParses(String script) throws Exception {
    assertEquals("", said(List.of("bash", "-n", script)));
  }

  @Test
  void theProfileParses() throws Exception {
    Needs.program("python3", "python3-minimal");
    String parse = "import ast, sys; ast.parse(open(sys.argv[1]).read())";
    assertEquals("", said(List.of("python3", "-c", parse, "cloudlab/profile.py")));
  }

  /** What a command prints, and its exit code unless that is 0. */
  private static String said(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(Path.of("").toAbsolutePath().toFile())
            .redirectErrorStream(true)
            .start();
    byte[] output = process.getInputStream().readAllBytes();
    int code = process.waitFor();
    return new String(output, StandardCharsets.UTF_8) + (code == 0 ? "" : "exit code " + code);
  }
}
