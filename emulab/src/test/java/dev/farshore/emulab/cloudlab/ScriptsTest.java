package dev.farshore.emulab.cloudlab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.machine.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What runs on machines that are not here: the scripts parse, and the profile asks for what it says
 * of a portal that is as strict as theirs.
 */
class ScriptsTest {
  private static final String WITH_REPOSITORY = "repository=https://example.org/farshore.git";

  @ParameterizedTest
  @ValueSource(strings = {"cloudlab/start-up", "cloudlab/run-plan", "bin/while-connected"})
  void aScriptParses(String script) throws Exception {
    assertEquals("", said(List.of("bash", "-n", script)));
  }

  /** A portal takes no profile that its own defaults do not satisfy. */
  @Test
  void theProfileIsValidAtItsDefaultsAndSaysThatNothingIsInstalled() throws Exception {
    String said = profile();
    assertTrue(said.contains("warning ['repository']"), said);
    assertTrue(said.contains("near at 10000000: west:if1=10.10.1.1 wan:if1=10.10.1.2"), said);
    assertTrue(said.contains("far at 10000000: wan:if2=10.10.2.2 east:if1=10.10.2.1"), said);
    assertEquals(3, said.lines().filter(line -> line.startsWith("node ")).count(), said);
    assertFalse(said.contains(" runs "), said);
  }

  @Test
  void theProfilePreparesAllMachinesAndRunsThePlanOnWest() throws Exception {
    String said = profile(WITH_REPOSITORY, "plan=latency", "rate=1000000");
    assertFalse(said.contains("['repository']"), said);
    assertTrue(said.contains("warning ['rate']"), said);
    assertEquals(3, said.lines().filter(line -> line.contains("git clone -q 'https")).count());
    assertTrue(said.contains("start-up west latency --quick\""), said);
    assertTrue(said.contains("start-up east\""), said);
    assertTrue(profile(WITH_REPOSITORY, "quick=False").contains("start-up west disaster\""));
  }

  @Test
  void theProfileRefusesWhatAShellWouldMisread() throws Exception {
    assertTrue(profile("repository=x';reboot;'").endsWith("exit code 101"));
    assertTrue(profile(WITH_REPOSITORY, "plan=a b").endsWith("exit code 101"));
  }

  private static String profile(String... parameters) throws Exception {
    Needs.program("python3", "python3-minimal");
    List<String> command = new ArrayList<>(List.of("python3", "-B", "cloudlab/profile.py"));
    command.addAll(List.of(parameters));
    return said(command);
  }

  /** What a command prints, and its exit code unless that is 0. */
  private static String said(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Path.of("").toAbsolutePath().toFile())
            .redirectErrorStream(true);
    builder.environment().put("PYTHONPATH", Path.of("src/test/python").toAbsolutePath().toString());
    Process process = builder.start();
    byte[] output = process.getInputStream().readAllBytes();
    int code = process.waitFor();
    return new String(output, StandardCharsets.UTF_8) + (code == 0 ? "" : "exit code " + code);
  }
}
