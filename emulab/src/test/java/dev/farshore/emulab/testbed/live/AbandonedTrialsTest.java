package dev.farshore.emulab.testbed.live;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AbandonedTrialsTest {
  @TempDir Path directory;

  private Path home(String name) throws IOException {
    Path home = Files.createDirectory(directory.resolve(AbandonedTrials.PREFIX + name));
    Files.createDirectories(home.resolve("west/data"));
    Files.writeString(home.resolve("west/data/log"), "records");
    return home;
  }

  private static Process sleep() throws IOException {
    return new ProcessBuilder("sleep", "1000").start();
  }

  @Test
  void theAgentsOfAKilledTrialAreEndedAndItsFilesRemoved() throws Exception {
    Path home = home("dead");
    Process runner = sleep();
    Process agent = sleep();
    AbandonedTrials.belongs(home, runner.pid());
    AbandonedTrials.belongs(home, agent.pid());
    runner.destroyForcibly().waitFor();
    AbandonedTrials.remove(directory);
    assertFalse(agent.isAlive());
    assertFalse(Files.exists(home));
  }

  @Test
  void aTrialThatRunsIsLeftAlone() throws Exception {
    Path home = home("alive");
    Process agent = sleep();
    try {
      AbandonedTrials.belongs(home, ProcessHandle.current().pid());
      AbandonedTrials.belongs(home, agent.pid());
      AbandonedTrials.remove(directory);
      assertTrue(agent.isAlive());
      assertTrue(Files.exists(home));
    } finally {
      agent.destroyForcibly();
    }
  }

  @Test
  void whatDoesNotNameItsProcessesIsNotTouched() throws Exception {
    Path silent = home("silent");
    Path garbled = home("garbled");
    Files.writeString(garbled.resolve("processes"), "1 2 3\n");
    AbandonedTrials.remove(directory);
    assertTrue(Files.exists(silent) && Files.exists(garbled));
  }

  @Test
  void anotherProcessWithTheNumberOfAnAgentIsNotEnded() throws Exception {
    Path home = home("reused");
    Process runner = sleep();
    AbandonedTrials.belongs(home, runner.pid());
    runner.destroyForcibly().waitFor();
    String self = ProcessHandle.current().pid() + " 1970-01-01T00:00:00Z\n";
    Files.writeString(home.resolve("processes"), self, StandardOpenOption.APPEND);
    AbandonedTrials.remove(directory);
    assertTrue(ProcessHandle.current().isAlive());
    assertFalse(Files.exists(home));
  }
}
