package dev.farshore.emulab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.experiment.RiskExperiment.Verdict;
import dev.farshore.emulab.testbed.sim.SimulatedTestbed;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the experiments on loss must show, on points that take a second. */
class LossExperimentsTest {

  /** What one run said. */
  private static final class Said implements Samples {
    final Map<String, Double> values = new LinkedHashMap<>();

    @Override
    public void add(String metric, double value) {
      values.put(metric, value);
    }

    @Override
    public void add(String metric, double at, double value) {
      values.put(metric + " " + at, value);
    }

    @Override
    public void machine(String metric, double value) {
      throw new AssertionError("nothing here depends on the machine");
    }

    @Override
    public void invalid(String reason) {
      throw new AssertionError(reason);
    }

    double value(String metric) {
      return values.get(metric);
    }
  }

  private static Said run(String experiment, long seed, String... values)
      throws IOException, InterruptedException {
    Experiment named = Experiments.named(experiment).orElseThrow();
    Map<String, String> inputs = new LinkedHashMap<>();
    named.inputs().forEach(input -> inputs.put(input.name(), input.usual()));
    for (int i = 0; i < values.length; i += 2) {
      assertTrue(inputs.containsKey(values[i]), values[i]);
      inputs.put(values[i], values[i + 1]);
    }
    Said said = new Said();
    named.run(new Point(inputs), seed, new SimulatedTestbed(), said);
    return said;
  }

  private static double missing(String configuration, String inFlight)
      throws IOException, InterruptedException {
    Said said =
        run(
            "disaster",
            3,
            "configuration",
            configuration,
            "in-flight",
            inFlight,
            "rate",
            "100Mbit",
            "groups",
            "1",
            "testers",
            "16",
            "pause",
            "10ms",
            "settle",
            "200ms",
            "measured",
            "600ms");
    assertTrue(said.value("acknowledged-all") > 0);
    assertEquals(said.value("missing") > 0 ? 1 : 0, said.value("lost-any"));
    return said.value("missing");
  }

  @Test
  void aDisasterTakesLessTheLaterAWriteIsAnswered() throws IOException, InterruptedException {
    double local = missing("local-sync", "arrives");
    double coded = missing("local-sync+FEC", "arrives");
    assertTrue(local > coded, "local-sync " + local + ", with FEC " + coded);
    assertTrue(coded > 0, "what had not left is missing");
    assertEquals(0, missing("network-sync-3", "arrives"));
    assertEquals(0, missing("remote-sync", "arrives"));
    assertEquals(0, missing("remote-sync+FEC", "arrives"));
  }

  @Test
  void onlyRemoteSyncSurvivesALinkThatDiesWithItsPackets()
      throws IOException, InterruptedException {
    assertTrue(missing("network-sync-3", "lost") > 0);
    assertTrue(missing("local-sync+FEC", "lost") > 0);
    assertEquals(0, missing("remote-sync", "lost"));
  }

  @Test
  void whatStatusSaysIsWithinTwiceWhatDisastersShow() throws IOException, InterruptedException {
    for (String burst : new String[] {"1", "10"}) {
      Said said =
          run(
              "risk",
              5,
              "delay",
              "10ms",
              "disasters",
              "300",
              "loss",
              "5%",
              "loss-burst",
              burst,
              "burst",
              "1ms");
      assertEquals(0, said.value("outside"), "bursts of " + burst + ": " + said.values);
      assertEquals(4, said.value("within") + said.value("undecidable"));
      assertEquals(Verdict.WITHIN.ordinal(), said.value("verdict-0"), said.values.toString());
      assertTrue(said.value("lost-share-0") > said.value("lost-share-3"));
      assertTrue(said.value("predicted-0") > said.value("predicted-3"));
    }
  }

  @Test
  void oneRecordAtATimeIsToldAsItIs() throws IOException, InterruptedException {
    Said said =
        run(
            "risk",
            6,
            "delay",
            "10ms",
            "disasters",
            "600",
            "loss",
            "5%",
            "loss-burst",
            "3",
            "burst",
            "0",
            "writes",
            "one");
    assertEquals(0, said.value("outside"), said.values.toString());
  }

  @Test
  void theFlushTimerIsThatOfTheProductUnlessAPlanSaysOtherwise() {
    for (String name : new String[] {"risk", "repair-delay"}) {
      Map<String, String> usual = new LinkedHashMap<>();
      Experiments.named(name)
          .orElseThrow()
          .inputs()
          .forEach(input -> usual.put(input.name(), input.usual()));
      assertEquals(1_000_000, LinkInputs.settings(new Point(usual)).flushNanos(), name);
      usual.put("flush", "3ms");
      assertEquals(3_000_000, LinkInputs.settings(new Point(usual)).flushNanos(), name);
    }
  }

  @Test
  void longBurstsAreSentAgainAndShortOnesAreRepaired() throws IOException, InterruptedException {
    String[] point = {
      "delay", "5ms", "apart", "20ms", "bursts", "10", "burst", "1ms", "loss-burst", "50"
    };
    Said survived = run("repair-delay", 7, point);
    assertEquals(0, survived.value("resent"));
    assertEquals(0, survived.value("not-there"));
    assertTrue(survived.value("by-layer-3") > 0.5, survived.values.toString());
    point[9] = "300";
    Said tooLong = run("repair-delay", 7, point);
    assertTrue(tooLong.value("resent") > 0.3, tooLong.values.toString());
    assertTrue(tooLong.value("delay-resent") > 10, "a round trip of 10 ms");
    assertEquals(0, tooLong.value("not-there"));
  }

  @Test
  void theSameSeedSaysTheSame() throws IOException, InterruptedException {
    String[] point = {"delay", "10ms", "disasters", "50", "loss", "5%"};
    assertEquals(run("risk", 8, point).values, run("risk", 8, point).values);
    String[] delays = {"delay", "5ms", "apart", "20ms", "bursts", "3", "loss-burst", "20"};
    assertEquals(run("repair-delay", 8, delays).values, run("repair-delay", 8, delays).values);
  }

  @Test
  void pointsThatMakeNoSenseAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> run("disaster", 1, "in-flight", "swims"));
    assertThrows(IllegalArgumentException.class, () -> run("risk", 1, "writes", "some"));
    assertThrows(IllegalArgumentException.class, () -> run("risk", 1, "loss-burst", "0.5"));
  }
}
