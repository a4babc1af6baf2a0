package dev.farshore.emulab.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.experiment.Experiment;
import dev.farshore.emulab.experiment.Experiments;
import dev.farshore.emulab.experiment.Point;
import dev.farshore.emulab.experiment.Samples;
import dev.farshore.emulab.plan.Plan;
import dev.farshore.emulab.plan.PlanReader;
import dev.farshore.emulab.plan.SmallExperiment;
import dev.farshore.emulab.report.Report;
import dev.farshore.emulab.report.Silence;
import dev.farshore.emulab.results.About;
import dev.farshore.emulab.results.Product;
import dev.farshore.emulab.results.ResultsDirectory;
import dev.farshore.emulab.results.RunRecord;
import dev.farshore.emulab.testbed.Testbed;
import dev.farshore.emulab.testbed.Testbeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that go on beside each other. */
class JobsTest {

  private static final long WATCHDOG_SECONDS = 60;

  /** Losses, a disaster, coded and not: all that is drawn at random. */
  private static final String DISASTER =
      """
      experiment = "disaster"
      title = "Beside each other"
      question = "Does it make a difference?"
      paper = "No."
      repetitions = 2
      [inputs]
      configuration = ["local-sync", "network-sync-1", "remote-sync+FEC"]
      loss = ["0", "2%"]
      rate = "20Mbit"
      delay = "5ms"
      groups = 2
      testers = 4
      request = "32KiB"
      bad-time = "20ms"
      settle = "50ms"
      measured = "200ms"
      [quick]
      repetitions = 1
      [[plot]]
      name = "missing"
      title = "Missing"
      shows = "What is not there."
      x = "loss"
      x-label = "loss"
      y = "missing"
      y-label = "requests"
      series = "configuration"
      """;

  @TempDir private Path directory;

  private Path run(Plan plan, int jobs, String name, Progress progress) throws Exception {
    Order order = new Order(plan, Testbed.Kind.SIM, false, Map.of(), false, jobs);
    About about = About.of(plan, order.kind(), false, new Product("1", "abc", "def"));
    Path place = directory.resolve(name);
    try (ResultsDirectory results = ResultsDirectory.open(place, about, plan.text())) {
      new Runner(order, results, Testbeds.of(order.kind()), progress).run();
      Report.of(plan, List.of(results)).write(place);
    }
    return place;
  }

  private static Plan plan(String text, Experiment... more) throws Exception {
    List<Experiment> known = new ArrayList<>(Experiments.ALL);
    known.addAll(List.of(more));
    return PlanReader.read("beside", text, "beside.toml", known);
  }

  /** All but when it was and how long it took. */
  private static Map<String, byte[]> files(Path place) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(place)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = place.relativize(file).toString();
        if (name.equals("report.html")) {
          String page = Files.readString(file);
          assertTrue(page.contains("runs begun from"), page);
          files.put(name, page.replaceAll("runs begun from [^<]*", "").getBytes());
        } else if (!name.endsWith("run.json")) {
          files.put(name, Files.readAllBytes(file));
        }
      }
    }
    return files;
  }

  @Test
  void whatIsKeptIsTheSameHoweverManyThereAre() throws Exception {
    Plan plan = plan(DISASTER);
    Map<String, byte[]> one = files(run(plan, 1, "one", new Silence()));
    Map<String, byte[]> three = files(run(plan, 3, "three", new Silence()));
    assertEquals(one.keySet(), three.keySet());
    assertEquals(12, one.keySet().stream().filter(name -> name.endsWith("/samples.csv")).count());
    for (String name : one.keySet()) {
      assertArrayEquals(one.get(name), three.get(name), name);
    }
  }

  /** What a run does beside or instead of tossing coins. */
  private interface Act {
    void run(Point point, long seed, Testbed testbed, Samples samples)
        throws IOException, InterruptedException;
  }

  /** Has the inputs of coins. */
  private record Acting(String name, Act act) implements Experiment {
    @Override
    public List<Input> inputs() {
      return new SmallExperiment().inputs();
    }

    @Override
    public Set<Testbed.Kind> testbeds() {
      return new SmallExperiment().testbeds();
    }

    @Override
    public void run(Point point, long seed, Testbed testbed, Samples samples)
        throws IOException, InterruptedException {
      act.run(point, seed, testbed, samples);
    }
  }

  /** The first run ends when the one that began after it is kept: they go on beside each other. */
  private static Experiment meeting(CountDownLatch secondKept) {
    return new Acting(
        "meeting",
        (point, seed, testbed, samples) -> {
          if (point.text("tosses").equals("10")) {
            assertTrue(secondKept.await(WATCHDOG_SECONDS, TimeUnit.SECONDS));
          }
          new SmallExperiment().run(point, seed, testbed, samples);
        });
  }

  @Test
  void theOrderInWhichTheyEndIsNotKept() throws Exception {
    String text =
        SmallExperiment.PLAN
            .replace("\"small\"", "\"meeting\"")
            .replace("[\"fair\", \"bent\"]", "\"fair\"")
            .replace("repetitions = 3", "repetitions = 1");
    CountDownLatch secondKept = new CountDownLatch(1);
    List<String> ended = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void begins(Point point, int repetition, Standing standing) {}

          @Override
          public void ended(RunRecord record, Standing standing) {
            ended.add(record.point().text("tosses") + " " + standing.done());
            secondKept.countDown();
          }
        };
    Path place = run(plan(text, meeting(secondKept)), 2, "meeting", progress);
    assertEquals(List.of("100 1", "10 2"), ended);
    assertEquals(
        List.of("10", "100"),
        ResultsDirectory.read(place).runs().stream()
            .map(run -> run.record().point().text("tosses"))
            .toList());
  }

  @Test
  void anInterruptionEndsAllOfThemAndTheRestIsDoneLater() throws Exception {
    Plan plan = plan(DISASTER);
    Thread caller = Thread.currentThread();
    Progress interrupting =
        new Progress() {
          @Override
          public void begins(Point point, int repetition, Standing standing) {}

          @Override
          public void ended(RunRecord record, Standing standing) {
            if (standing.done() == 4) {
              caller.interrupt();
            }
          }
        };
    assertThrows(InterruptedException.class, () -> run(plan, 3, "again", interrupting));
    Path place = directory.resolve("again");
    int there = ResultsDirectory.read(place).runs().size();
    assertEquals(4, there, "what had ended is kept, and nothing after that");
    run(plan, 2, "again", new Silence());
    Map<String, byte[]> all = files(run(plan, 1, "whole", new Silence()));
    files(place).forEach((name, bytes) -> assertArrayEquals(all.get(name), bytes, name));
  }

  @Test
  void aFaultInOneOfThemEndsThePlan() throws Exception {
    Experiment broken =
        new Acting(
            "broken",
            (point, seed, testbed, samples) -> {
              throw new IllegalStateException("an invariant");
            });
    Plan plan = plan(SmallExperiment.PLAN.replace("\"small\"", "\"broken\""), broken);
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> run(plan, 2, "broken", new Silence()));
    assertEquals("an invariant", e.getMessage());
  }

  @Test
  void theTimeThatIsLeftCountsRunsBesideEachOther() {
    Point slow = new Point(Map.of("a", "1"));
    Point fast = new Point(Map.of("a", "2"));
    Pace pace = new Pace(2);
    for (int i = 0; i < 3; i++) {
      pace.expect(slow);
      pace.expect(fast);
    }
    long second = 1_000_000_000L;
    pace.began(slow, 0);
    pace.began(fast, 0);
    assertTrue(pace.remaining(second).isEmpty());
    pace.ended(fast, 2);
    assertEquals(
        4, pace.remaining(2 * second).orElseThrow().toSeconds(), "(0 + 2 x 2 + 2 x 2) / 2");
    pace.ended(slow, 10);
    assertEquals(12, pace.remaining(10 * second).orElseThrow().toSeconds(), "(2 x 10 + 2 x 2) / 2");
    pace.began(slow, 10 * second);
    pace.began(fast, 10 * second);
    pace.began(fast, 10 * second);
    pace.ended(fast, 2);
    pace.ended(fast, 2);
    pace.ended(slow, 10);
    pace.began(slow, 20 * second);
    assertEquals(7, pace.remaining(23 * second).orElseThrow().toSeconds(), "the one that is left");
  }
}
