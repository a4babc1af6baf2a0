package dev.farshore.emulab.testbed.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.config.ConfigException;
import dev.farshore.emulab.testbed.Configuration;
import dev.farshore.emulab.testbed.Outcome;
import dev.farshore.emulab.testbed.Trial;
import dev.farshore.link.session.CodeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three machines, played by three addresses of this one and a remote shell that goes nowhere. */
class MachineGroundTest {
  private static final long MILLIS = 1_000_000;

  /** A busy machine may cut the link too late: then the trial is invalid, and done again. */
  private static final int ATTEMPTS = 5;

  /** Without machines to go to, a forwarded socket is a link, and the end of the input the end. */
  private static final String REMOTE_SHELL =
      """
      #!/bin/sh
      while [ "$1" = -L ]; do ln -sf "${2#*:}" "${2%%:*}"; shift 2; done
      shift
      cat | sh -c "$*"
      """;

  @TempDir private Path directory;

  @Test
  void aDisasterOnThreeMachinesLosesNothingThatWasCovered() throws Exception {
    Trial.Disaster lossy = new Trial.Disaster(Map.of("loss", "1%"), 300 * MILLIS, false);
    Outcome outcome = valid(trial("network-sync-3", new Trial.Load(1, 2, 4096, 0), lossy), 5);
    assertEquals("", outcome.invalid());
    assertTrue(outcome.losses().orElseThrow().acknowledged() > 0, outcome.toString());
    assertEquals(0, outcome.losses().orElseThrow().missing(), outcome.toString());
    assertTrue(outcome.wire().repair() > 0, outcome.toString());
    assertTrue(outcome.wire().offered() > 0, outcome.toString());
    awaitEmpty(directory.resolve("scratch"));
  }

  @Test
  void aSeveredWireTakesWhatWasInFlight() throws Exception {
    Trial.Disaster severed = new Trial.Disaster(Map.of(), 300 * MILLIS, true);
    Outcome outcome = valid(trial("local-sync", new Trial.Load(1, 4, 4096, MILLIS), severed), 6);
    assertEquals("", outcome.invalid());
    Outcome.Losses losses = outcome.losses().orElseThrow();
    assertTrue(losses.missing() > 0, losses.toString());
    assertTrue(losses.missing() < losses.acknowledged(), losses.toString());
    awaitEmpty(directory.resolve("scratch"));
  }

  private static Trial trial(String configuration, Trial.Load load, Trial.Disaster disaster) {
    return new Trial(
        Configuration.named(configuration).orElseThrow(),
        new Trial.Link(new CodeSettings.Layered(8, List.of(1, 10, 100)), MILLIS, 40_000_000),
        Map.of("delay", "50ms", "rate", "60Mbit"),
        load,
        new Trial.Course(0, 300 * MILLIS, 600 * MILLIS, Optional.of(disaster)));
  }

  private Outcome valid(Trial trial, long seed) throws Exception {
    LiveTestbed testbed = LiveTestbed.on(Machines.read(machines()));
    Outcome outcome = testbed.run(trial, seed);
    for (int attempt = 2; attempt <= ATTEMPTS && !outcome.invalid().isEmpty(); attempt++) {
      outcome = testbed.run(trial, seed);
    }
    return outcome;
  }

  /** What was started remotely ends with the connection, in its own time. */
  private static void awaitEmpty(Path scratch) throws IOException {
    for (int i = 0; i < 1000 && !isEmpty(scratch); i++) {
      LockSupport.parkNanos(20 * MILLIS);
    }
    try (Stream<Path> left = Files.list(scratch)) {
      assertEquals(List.of(), left.toList());
    }
  }

  private static boolean isEmpty(Path scratch) throws IOException {
    try (Stream<Path> left = Files.list(scratch)) {
      return left.findAny().isEmpty();
    }
  }

  private Path machines() throws IOException {
    Files.createDirectory(directory.resolve("scratch"));
    Path bin = Files.createDirectories(directory.resolve("emulab/bin"));
    Path agentBin = Files.createDirectories(directory.resolve("mirror-agent/bin"));
    Path shell = script(directory.resolve("remote-shell"), REMOTE_SHELL);
    script(bin.resolve("emulab"), program("dev.farshore.emulab.command.Emulab"));
    script(agentBin.resolve("mirror-agent"), program("dev.farshore.agent.command.MirrorAgent"));
    Files.createSymbolicLink(
        bin.resolve("while-connected"), Path.of("bin/while-connected").toAbsolutePath());
    Path file = directory.resolve("machines.toml");
    Files.writeString(
        file,
        """
        directory = "%s"
        scratch = "%s"
        remote-shell = "%s"
        west = "127.0.0.1"
        [wan]
        host = "wan"
        near = "127.0.0.2"
        far = "127.0.0.3"
        [east]
        host = "east"
        address = "127.0.0.4"
        """
            .formatted(directory, directory.resolve("scratch"), shell));
    return file;
  }

  private static Path script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String program(String main) {
    StringBuilder words = new StringBuilder("#!/bin/sh\nexec");
    JavaCommand.of(512, List.of(main))
        .forEach(word -> words.append(" '").append(word).append('\''));
    return words.append(" \"$@\"\n").toString();
  }

  @Test
  void aFileThatLacksSomethingIsRefusedWithAllThatIsWrong() throws IOException {
    Path file = directory.resolve("machines.toml");
    Files.writeString(file, "directory = \"/d\"\nwest = \"10.0.0.1\"\n[wann]\nhost = \"x\"\n");
    ConfigException refused = assertThrows(ConfigException.class, () -> Machines.read(file));
    assertTrue(refused.getMessage().contains("did you mean 'wan'"), refused.getMessage());
    assertTrue(refused.getMessage().contains("east"), refused.getMessage());
  }
}
