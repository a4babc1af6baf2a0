package dev.farshore.emulab.testbed.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a program of another machine for as long as its remote shell is there. */
@Timeout(60)
class WhileConnectedTest {

  @TempDir private Path directory;

  private Process started(byte[] configuration, String... command) throws IOException {
    String script = Path.of("bin/while-connected").toAbsolutePath().toString();
    String length = Integer.toString(configuration.length);
    List<String> words =
        Stream.concat(
                Stream.of(script, directory.resolve("there").toString(), length),
                Stream.of(command))
            .toList();
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getOutputStream().write(configuration);
    process.getOutputStream().flush();
    return process;
  }

  /** A remote shell waits for the end of these streams, whoever has them. */
  @Test
  void aProgramThatEndsByItselfEndsItAndClosesItsStreams() throws Exception {
    byte[] configuration = "a = 1\n".getBytes(StandardCharsets.UTF_8);
    String file = directory.resolve("there/farshore.toml").toString();
    Process process = started(configuration, "sh", "-c", "cat '" + file + "'; exit 7");
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals("a = 1\n", said);
    assertEquals(7, process.waitFor());
    assertFalse(Files.exists(directory.resolve("there")));
  }

  @Test
  void theEndOfTheConnectionKillsTheProgram() throws Exception {
    Process process = started(new byte[0], "sh", "-c", "echo begun; exec sleep 1000");
    assertEquals("begun", process.inputReader().readLine());
    process.getOutputStream().write("more".getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    assertEquals(128 + 9, process.waitFor());
    // To its end: what the shell says of the kill.
    assertTrue(process.inputReader().lines().count() < 3);
    assertFalse(Files.exists(directory.resolve("there")));
  }
}
