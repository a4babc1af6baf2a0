package dev.farshore.emulab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.machine.Needs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * {@code cloudlab/run-plan} beside a bench that lists plans as ours does, and of a run only says
 * what it was asked for; the other two machines are ready.
 */
class RunPlanScriptTest {

  @TempDir private Path directory;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(directory.resolve("local"));
    Files.createDirectories(directory.resolve("emulab/cloudlab"));
    String text = Files.readString(Path.of("cloudlab/run-plan"));
    Files.writeString(
        directory.resolve("emulab/cloudlab/run-plan"),
        text.replace("/local", directory + "/local"));
    program("bin/ssh", "exit 0");
    program(
        "emulab/bin/emulab",
        "if [ $1 = list ]; then exec cat " + directory + "/local/$2; fi; echo emulab \"$@\"");
  }

  private void program(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void aPlanIsRunOnWhatItCanBeRunOn() throws Exception {
    String machines = "--testbed live --machines " + directory + "/local/machines.toml";
    assertRuns("disaster " + machines + " --quick", "disaster", "--quick");
    assertRuns("agreement " + machines, "agreement");
    assertRuns("tcp-collapse --testbed live --quick", "tcp-collapse", "--quick");
    assertRuns("scale", "scale");
    assertRuns("risk --testbed sim", "risk", "--testbed", "sim");
    assertRuns("disaster --testbed sim", "disaster", "--testbed", "sim");
  }

  @Test
  void itSaysWhichMachinesAreUsed() throws Exception {
    assertTrue(said("disaster").contains("disaster: live, on west, wan and east\n"));
    assertTrue(said("tcp-collapse").contains("namespaces of west; wan and east are not used\n"));
    assertTrue(said("scale").contains("simulated, on west; wan and east are not used\n"));
  }

  private void assertRuns(String arguments, String... asked) throws Exception {
    String said = said(asked);
    assertTrue(said.endsWith("emulab run " + arguments + "\n"), said);
  }

  private String said(String... asked) throws Exception {
    Needs.program("python3", "python3");
    Path list = directory.resolve("local").resolve(asked[0]);
    if (!Files.exists(list)) {
      Files.writeString(list, listed(asked[0]));
    }
    List<String> command =
        new ArrayList<>(List.of("bash", directory + "/emulab/cloudlab/run-plan"));
    command.addAll(List.of(asked));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().merge("PATH", directory + "/bin:", (path, first) -> first + path);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }

  private static String listed(String plan) {
    StringWriter out = new StringWriter();
    CommandLine command = Emulab.commandLine();
    command.setOut(new PrintWriter(out));
    assertEquals(0, command.execute("list", "--json", "plans/" + plan + ".toml"));
    return out.toString();
  }
}
