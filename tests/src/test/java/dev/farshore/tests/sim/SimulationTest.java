package dev.farshore.tests.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The whole system, from seeds: every promise is kept, whatever goes wrong, and it is the same
 * twice.
 */
class SimulationTest {
  private static final long FIRST_SEED = 1;
  private static final int SEEDS = 500;
  private static final int THREADS = 2;

  private static final int MOST_FAILURES = 3;

  @Test
  void everySeedKeepsEveryPromise() throws InterruptedException {
    List<Campaign.Ran> seeds =
        new Campaign(FIRST_SEED, SEEDS, MOST_FAILURES, ran -> {}).run(THREADS);
    List<String> failures =
        seeds.stream().filter(Campaign.Ran::failed).map(Campaign.Ran::failure).toList();
    if (!failures.isEmpty()) {
      fail(String.join(System.lineSeparator(), failures));
    }
    assertEquals(List.of(), Campaign.neverReached(seeds), "states that no seed reached");
  }

  @Test
  void theSameSeedTakesTheSameStepsInAnotherProcess() throws IOException, InterruptedException {
    List<Long> seeds = LongStream.range(FIRST_SEED, FIRST_SEED + 4).boxed().toList();
    List<Long> here = seeds.stream().map(Simulation::run).toList();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dlogback.configurationFile=logback-quiet.xml");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(TraceHashes.class.getName());
    seeds.forEach(seed -> command.add(Long.toString(seed)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), printed);
    assertEquals(here, printed.lines().map(Long::valueOf).toList());
    assertNotEquals(here.get(0), here.get(1), "the trace follows the seed");
  }
}
