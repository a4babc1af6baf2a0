package dev.farshore.emulab.experiment;

import java.util.List;
import java.util.Optional;

/** All experiments, in the order in which they are listed. */
public final class Experiments {

  public static final List<Experiment> ALL =
      List.of(
          DisasterExperiment.DISASTER,
          DisasterExperiment.REDUNDANCY,
          SiteExperiment.LATENCY,
          SiteExperiment.THROUGHPUT_DELAY,
          SiteExperiment.THROUGHPUT_LOSS,
          SiteExperiment.TESTERS,
          SiteExperiment.SINGLE_TESTER,
          new TcpCollapseExperiment(),
          new RepairDelayExperiment(),
          new ScaleExperiment(),
          new RiskExperiment(),
          new AgreementExperiment());

  private Experiments() {}

  public static Optional<Experiment> named(String name) {
    return ALL.stream().filter(one -> one.name().equals(name)).findFirst();
  }
}
