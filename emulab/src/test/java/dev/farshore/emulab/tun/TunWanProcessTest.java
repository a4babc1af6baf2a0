package dev.farshore.emulab.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.command.Emulab;
import dev.farshore.emulab.machine.Needs;
import dev.farshore.emulab.wan.ControlSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code emulab wan --between} as a process of its own. */
@Timeout(60)
class TunWanProcessTest {

  private final String prefix = "tunproc-" + ProcessHandle.current().pid();
  private final Namespace near = new Namespace(prefix + "-near");
  private final Namespace far = new Namespace(prefix + "-far");

  @BeforeEach
  void needsNamespaces() {
    Needs.namespaces();
  }

  private Process emulab(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx128m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Emulab.class.getName()));
    command.addAll(List.of("wan", "--between", near.name(), far.name()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  @Test
  void sigtermReportsAndTakesAwayWhatWasMade() throws Exception {
    Process process = emulab("--delay", "5ms", "--backward", "loss=1%", "--outage", "1h+1s");
    Path control = Path.of("/run/emulab-wan-" + near.name() + "-" + far.name() + ".sock");
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      String first = lines.readLine();
      assertTrue(first != null && first.contains(control.toString()), first);
      assertTrue(lines.readLine().startsWith("forward: delay=5ms"));
      assertTrue(lines.readLine().contains("loss=1%"));
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(control)));
      assertTrue(near.exists() && far.exists());
      assertTrue(ControlSocket.ask(control, "set delay=7ms").contains("delay=7ms"));
      // Process.destroy would close its output as well.
      process.toHandle().destroy();
      String rest = lines.lines().collect(Collectors.joining("\n"));
      assertTrue(rest.contains("valid: every packet"), rest);
      assertEquals(143, process.waitFor());
    } finally {
      process.destroyForcibly();
    }
    assertFalse(near.exists() || far.exists(), "namespaces are left");
    assertFalse(Files.exists(control));
  }

  @Test
  void quitEndsItWithZero() throws Exception {
    Process process = emulab("--report", "0");
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      assertTrue(lines.readLine().startsWith("wan: " + near.name()));
      process.getOutputStream().write("quit\n".getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
      String rest = lines.lines().collect(Collectors.joining("\n"));
      assertTrue(rest.contains("valid: every packet"), rest);
      assertEquals(0, process.waitFor());
    } finally {
      process.destroyForcibly();
    }
    assertFalse(near.exists() || far.exists(), "namespaces are left");
  }

  @Test
  void afterKill9TheNextTakesOverOrTheLeftoversAreRemoved() throws Exception {
    for (int round = 0; round < 2; round++) {
      Process process = emulab("--report", "0");
      try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
        assertTrue(lines.readLine().startsWith("wan: " + near.name()));
        assertTrue(lines.readLine().startsWith("forward: "));
        assertFalse(Leftovers.contain(near), "it is in use");
      } finally {
        process.destroyForcibly().waitFor();
      }
      assertTrue(Leftovers.contain(near) && Leftovers.contain(far));
    }
    assertTrue(Leftovers.remove().containsAll(List.of(near.name(), far.name())));
    assertFalse(near.exists() || far.exists(), "namespaces are left");
  }

  @Test
  void aNamespaceThatSomebodyElseMadeIsNoLeftover() throws Exception {
    near.create();
    try {
      assertFalse(Leftovers.contain(near));
      assertFalse(Leftovers.remove().contains(near.name()));
      assertTrue(near.exists());
    } finally {
      near.remove();
    }
  }
}
