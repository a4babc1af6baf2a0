package dev.farshore.emulab.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.farshore.emulab.experiment.Experiments;
import dev.farshore.emulab.experiment.Point;
import dev.farshore.emulab.testbed.Configuration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the plans of the project must say and draw. */
class PlanTextsTest {

  /** Those that the issue asks for in every mode. */
  private static final List<String> EVERY_MODE =
      List.of(
          "disaster", "latency", "throughput-delay", "throughput-loss", "testers", "single-tester");

  private static final Plans PLANS = new Plans(Path.of("plans"), Experiments.ALL);

  @Test
  void everyFigureHasThePapersResultBesideIt() throws Exception {
    List<String> without = new ArrayList<>();
    for (String name : PLANS.names()) {
      for (Plot plot : PLANS.read(name).plots()) {
        if (plot.words().paper().isBlank()) {
          without.add(name + ", " + plot.name());
        }
      }
    }
    assertEquals(List.of(), without, "a [[plot]] must say what the papers say, in 'paper'");
  }

  @Test
  void everyPointThatIsRunIsDrawn() throws Exception {
    List<String> undrawn = new ArrayList<>();
    for (String name : PLANS.names()) {
      Plan plan = PLANS.read(name);
      for (Point point : plan.runs().full().points()) {
        if (plan.plots().stream().noneMatch(plot -> plot.choice().takes(point))) {
          undrawn.add(name + " " + point.values());
        }
      }
    }
    assertEquals(List.of(), undrawn, "runs that no figure shows");
  }

  @Test
  void plansOfEveryModeHaveEveryMode() throws Exception {
    List<String> all = Configuration.ALL.stream().map(Configuration::name).toList();
    for (String name : EVERY_MODE) {
      assertEquals(all, PLANS.read(name).runs().full().values("configuration"), name);
    }
  }
}
