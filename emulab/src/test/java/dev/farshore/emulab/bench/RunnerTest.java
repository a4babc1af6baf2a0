package dev.farshore.emulab.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.config.ConfigException;
import dev.farshore.emulab.experiment.Point;
import dev.farshore.emulab.plan.Plan;
import dev.farshore.emulab.plan.PlanReader;
import dev.farshore.emulab.plan.SmallExperiment;
import dev.farshore.emulab.results.About;
import dev.farshore.emulab.results.Product;
import dev.farshore.emulab.results.RefusedException;
import dev.farshore.emulab.results.ResultsDirectory;
import dev.farshore.emulab.results.RunFiles;
import dev.farshore.emulab.results.RunRecord;
import dev.farshore.emulab.testbed.Testbed;
import dev.farshore.emulab.testbed.Testbeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnerTest {

  private static final Product PRODUCT = new Product("1", "abc", "def");

  @TempDir private Path directory;

  private static Plan plan(String text) throws ConfigException {
    return PlanReader.read("coins", text, "coins.toml", List.of(new SmallExperiment()));
  }

  /** Stops the runner after some runs, as a kill does. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final class Watcher implements Progress {
    private final int runsMax;
    private final List<String> seen = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();
    private Optional<Duration> remaining = Optional.empty();

    Watcher(int runsMax) {
      this.runsMax = runsMax;
    }

    @Override
    public void begins(Point point, int repetition, Standing standing) {
      if (seen.size() == runsMax) {
        throw new Killed();
      }
      remaining = standing.remaining();
      seen.add(standing.done() + "/" + standing.total());
    }

    @Override
    public void ended(RunRecord record, Standing standing) {
      ended.add(standing.done() + "/" + standing.total());
    }
  }

  private Summary run(Order order, Watcher watcher, Product product)
      throws IOException, InterruptedException, RefusedException {
    Plan plan = order.plan();
    About about = About.of(plan, order.kind(), order.quick(), product);
    try (ResultsDirectory results = ResultsDirectory.open(directory, about, plan.text())) {
      return new Runner(order, results, Testbeds.of(order.kind()), watcher).run();
    }
  }

  private static Order all(Plan plan) {
    return new Order(plan, Testbed.Kind.SIM, false, Map.of(), false, 1);
  }

  @Test
  void goesOnWhereItWasKilled() throws Exception {
    Plan plan = plan(SmallExperiment.PLAN);
    assertThrows(Killed.class, () -> run(all(plan), new Watcher(5), PRODUCT));
    Files.createDirectories(directory.resolve("runs/coin=fair.part"));
    Watcher watcher = new Watcher(100);
    assertEquals(new Summary(12, 5, 0), run(all(plan), watcher, PRODUCT));
    assertEquals("5/12", watcher.seen.getFirst());
    assertEquals(7, watcher.seen.size());
    assertTrue(watcher.remaining.isPresent());
    assertFalse(Files.exists(directory.resolve("runs/coin=fair.part")));
    assertEquals(12, ResultsDirectory.read(directory).runs().size());
    assertEquals(new Summary(12, 12, 0), run(all(plan), new Watcher(0), PRODUCT));
  }

  @Test
  void theSameSeedGivesTheSameBytes() throws Exception {
    Plan plan = plan(SmallExperiment.PLAN);
    run(all(plan), new Watcher(100), PRODUCT);
    Point point = plan.runs().full().points().getLast();
    Path file = ResultsDirectory.read(directory).at(point, 2).resolve("samples.csv");
    byte[] first = Files.readAllBytes(file);
    assertTrue(first.length > 1000, "a run of 100 tosses");
    Files.delete(file.resolveSibling("run.json"));
    assertEquals(new Summary(12, 11, 0), run(all(plan), new Watcher(100), PRODUCT));
    assertArrayEquals(first, Files.readAllBytes(file));
  }

  @Test
  void keepsWhatIsInvalidApart() throws Exception {
    Plan plan =
        plan(
            SmallExperiment.PLAN.replace(
                "[\"fair\", \"bent\"]", "[\"fair\", \"lost\", \"suspect\", \"impossible\"]"));
    assertEquals(new Summary(24, 0, 18), run(all(plan), new Watcher(100), PRODUCT));
    List<RunFiles> runs = ResultsDirectory.read(directory).runs();
    assertEquals(
        List.of(
            "",
            "could not be run: the coin is lost",
            "somebody blew",
            "makes no sense: no such coin"),
        runs.stream().map(run -> run.record().invalid()).distinct().toList());
    Order again =
        new Order(plan, Testbed.Kind.SIM, false, Map.of("tosses", List.of("10")), true, 1);
    assertEquals(new Summary(12, 3, 9), run(again, new Watcher(100), PRODUCT));
    assertEquals(
        9,
        ResultsDirectory.read(directory).runs().stream()
            .filter(run -> run.record().attempt() == 2)
            .count());
  }

  @Test
  void refusesRunsOfAnotherPlanOrVersion() throws Exception {
    Plan plan = plan(SmallExperiment.PLAN);
    run(all(plan), new Watcher(100), PRODUCT);
    Plan words = plan(SmallExperiment.PLAN.replace("Coins", "More coins"));
    assertEquals(new Summary(12, 12, 0), run(all(words), new Watcher(0), PRODUCT));
    refused(plan(SmallExperiment.PLAN.replace("seed = 7", "seed = 8")), PRODUCT, "seed: there 7");
    refused(plan(SmallExperiment.PLAN.replace("[10, 100]", "[10]")), PRODUCT, "the inputs have");
    refused(plan, new Product("1", "abd", "deg"), "To finish it: git checkout abc, and the same");
    refused(plan, new Product("1", "abd", "deg"), "there 1 commit abc classes def");
    refused(
        plan(SmallExperiment.PLAN.replace("seed = 7", "seed = 8")),
        new Product("1", "abd", "deg"),
        "code: there 1 commit abc");
    assertEquals(
        new Summary(12, 12, 0), run(all(plan), new Watcher(0), new Product("2", "abd", "def")));
  }

  @Test
  void refusesRunsOfOtherMachines() throws Exception {
    Plan plan = plan(SmallExperiment.PLAN);
    About one = About.of(plan, Testbed.Kind.LIVE, false, PRODUCT);
    ResultsDirectory.open(directory, one, "").close();
    About three = one.on(Testbed.Hosts.THREE);
    RefusedException e =
        assertThrows(RefusedException.class, () -> ResultsDirectory.open(directory, three, ""));
    assertTrue(e.getMessage().contains("on: there one machine, now three machines"));
    assertEquals("live on three machines", three.bed());
    // Written before there was a choice.
    Path file = directory.resolve("about.json");
    String text = Files.readString(file);
    String without = text.replaceAll("(?m)^ *\"hosts\".*\n", "");
    assertTrue(without.length() < text.length(), text);
    Files.writeString(file, without);
    assertEquals(one, ResultsDirectory.read(directory).about());
    ResultsDirectory.open(directory, one, "").close();
  }

  private void refused(Plan plan, Product product, String said) {
    RefusedException e =
        assertThrows(RefusedException.class, () -> run(all(plan), new Watcher(100), product));
    assertTrue(e.getMessage().contains(said), e.getMessage());
    assertTrue(e.getMessage().contains("--out"), e.getMessage());
  }

  @Test
  void onlyOneAtATimeIsAtWorkInADirectory() throws Exception {
    Plan plan = plan(SmallExperiment.PLAN);
    About about = About.of(plan, Testbed.Kind.SIM, false, PRODUCT);
    try (ResultsDirectory first = ResultsDirectory.open(directory, about, "")) {
      RefusedException e =
          assertThrows(RefusedException.class, () -> ResultsDirectory.open(directory, about, ""));
      assertTrue(e.getMessage().contains(first.path() + " is in use"), e.getMessage());
    }
  }
}
