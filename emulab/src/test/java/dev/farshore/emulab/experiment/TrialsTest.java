package dev.farshore.emulab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.experiment.Experiment.Input;
import dev.farshore.emulab.testbed.Trial;
import dev.farshore.emulab.testbed.sim.SimulatedTestbed;
import dev.farshore.link.session.CodeSettings;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TrialsTest {

  private static Point usual(List<Input> inputs, Map<String, String> changes) {
    Map<String, String> values = new LinkedHashMap<>();
    inputs.forEach(input -> values.put(input.name(), input.usual()));
    values.putAll(changes);
    return new Point(values);
  }

  @Test
  void theUsualTrialIsThatOfThePaper() {
    Trial trial = Trials.of(usual(Trials.INPUTS, Map.of()), Optional.empty());
    assertEquals(new CodeSettings.Layered(8, List.of(1, 10, 100)), trial.link().code());
    assertEquals(new Trial.Load(8, 64, 512 << 10, 0), trial.load());
    assertEquals(1_000_000_000, trial.link().rateBitsPerSecond());
    assertEquals(180_000_000_000L, trial.course().measuredNanos());
  }

  @Test
  void fewerLayersAreTheFirstOfTheInterleave() {
    Point point = usual(Trials.INPUTS, Map.of("c", "2", "r", "4"));
    assertEquals(new CodeSettings.Layered(4, List.of(1, 10)), Trials.code(point));
    assertEquals(
        new CodeSettings.ReedSolomon(8, 3),
        Trials.code(usual(Trials.INPUTS, Map.of("code", "reed-solomon"))));
    assertEquals(new CodeSettings.None(), Trials.code(usual(Trials.INPUTS, Map.of("c", "0"))));
  }

  @Test
  void whatMakesNoTrialIsSaid() {
    Map<String, String> wrong =
        Map.of("configuration", "sync", "code", "xor", "c", "4", "interleave", "1,x,9");
    wrong.forEach(
        (input, value) -> {
          Point point = usual(Trials.INPUTS, Map.of(input, value));
          var thrown =
              assertThrows(
                  IllegalArgumentException.class, () -> Trials.of(point, Optional.empty()));
          assertTrue(thrown.getMessage().length() > 10, thrown.getMessage());
        });
  }

  /** Keeps what is said last of each metric. */
  private static final class Kept implements Samples {
    private final Map<String, Double> said = new HashMap<>();

    @Override
    public void add(String metric, double value) {
      said.put(metric, value);
    }

    @Override
    public void add(String metric, double at, double value) {
      said.put(metric + " " + at, value);
    }

    @Override
    public void invalid(String reason) {
      throw new AssertionError(reason);
    }

    @Override
    public void machine(String metric, double value) {
      said.put(metric, value);
    }
  }

  @Test
  void everyExperimentOfWholeSitesRunsAndSaysWhatItSaw() throws IOException, InterruptedException {
    Map<String, String> small =
        Map.of(
            "rate",
            "20Mbit",
            "delay",
            "2ms",
            "request",
            "4KiB",
            "groups",
            "1",
            "testers",
            "4",
            "settle",
            "100ms",
            "measured",
            "100ms");
    for (Experiment experiment : Experiments.ALL) {
      if (!(experiment instanceof SiteExperiment)) {
        continue;
      }
      Kept kept = new Kept();
      experiment.run(usual(experiment.inputs(), small), 1, new SimulatedTestbed(), kept);
      assertTrue(kept.said.get("goodput") > 1, experiment.name() + " " + kept.said);
      assertTrue(
          kept.said.get("client-latency 99.0") >= kept.said.get("client-latency 50.0"),
          experiment.name());
      assertTrue(kept.said.get("mirroring-latency 1.0") >= 2, "sooner than the wire brings it");
    }
  }
}
