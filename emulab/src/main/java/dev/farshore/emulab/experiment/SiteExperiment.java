package dev.farshore.emulab.experiment;

import dev.farshore.emulab.testbed.Testbed;
import dev.farshore.emulab.testbed.Testbed.Kind;
import dev.farshore.emulab.testbed.Trial;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An experiment that is one trial of two whole sites for each point, without a disaster, and says
 * what every trial shows. They differ in what their plans vary.
 *
 * @param usual inputs whose usual value differs from that of {@link Trials#INPUTS}
 */
record SiteExperiment(String name, List<Input> usual) implements Experiment {

  /** Mirroring latency and client latency against the delay of the link, for each mode. */
  static final SiteExperiment LATENCY = new SiteExperiment("latency", List.of());

  /** Goodput of many testers against the delay of the link (SMFS, throughput). */
  static final SiteExperiment THROUGHPUT_DELAY = new SiteExperiment("throughput-delay", List.of());

  /** Goodput of many testers against loss. */
  static final SiteExperiment THROUGHPUT_LOSS = new SiteExperiment("throughput-loss", List.of());

  /** Goodput against the number of testers. */
  static final SiteExperiment TESTERS = new SiteExperiment("testers", List.of());

  /** One outstanding request against loss (SMFS, figure 11). */
  static final SiteExperiment SINGLE_TESTER =
      new SiteExperiment(
          "single-tester",
          List.of(
              new Input("testers", "at the primary, each with one request outstanding", "1"),
              new Input("groups", "storage machines at each site", "1")));

  @Override
  public List<Input> inputs() {
    return Trials.inputs(usual.toArray(Input[]::new));
  }

  @Override
  public Set<Kind> testbeds() {
    return Set.of(Kind.SIM, Kind.LIVE);
  }

  @Override
  public void run(Point point, long seed, Testbed testbed, Samples samples)
      throws IOException, InterruptedException {
    Trial trial = Trials.of(point, Optional.empty());
    Trials.say(trial, testbed.run(trial, seed), samples);
  }
}
