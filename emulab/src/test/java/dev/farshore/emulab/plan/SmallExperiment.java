package dev.farshore.emulab.plan;

import dev.farshore.emulab.experiment.Experiment;
import dev.farshore.emulab.experiment.Point;
import dev.farshore.emulab.experiment.Samples;
import dev.farshore.emulab.testbed.Testbed;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A coin that is tossed, without any testbed: some points go wrong in the ways that there are. */
public final class SmallExperiment implements Experiment {

  public static final String PLAN =
      """
      experiment = "small"
      title = "Coins"
      question = "How often does a coin fall?"
      paper = "Nobody has published this."
      repetitions = 3
      seed = 7
      [inputs]
      coin = ["fair", "bent"]
      tosses = [10, 100]
      [quick]
      repetitions = 2
      inputs.tosses = [5, 10]
      [[plot]]
      name = "heads"
      title = "Heads"
      shows = "The share of heads."
      x = "tosses"
      x-label = "tosses"
      x-log = true
      y = "heads"
      y-label = "heads (%)"
      y-factor = 100
      series = "coin"
      """;

  @Override
  public String name() {
    return "small";
  }

  @Override
  public List<Input> inputs() {
    return List.of(
        new Input("coin", "fair, bent, lost or impossible", "fair"),
        new Input("tosses", "how often it is tossed", "10"),
        new Input("delay", "before each toss", "0"));
  }

  @Override
  public Set<Testbed.Kind> testbeds() {
    return Set.of(Testbed.Kind.SIM);
  }

  @Override
  public void run(Point point, long seed, Testbed testbed, Samples samples) throws IOException {
    Random random = new Random(seed);
    double chance =
        switch (point.text("coin")) {
          case "fair" -> 0.5;
          case "bent" -> 0.8;
          case "lost" -> throw new IOException("the coin is lost");
          case "suspect" -> {
            samples.invalid("somebody blew");
            yield 0.9;
          }
          default -> throw new IllegalArgumentException("no such coin");
        };
    int heads = 0;
    for (int toss = 1; toss <= point.count("tosses"); toss++) {
      heads += random.nextDouble() < chance ? 1 : 0;
      samples.add("heads-until", toss, heads);
    }
    double share = heads / (double) point.count("tosses");
    samples.add("heads", share);
    samples.add("least", share / 2);
    samples.add("most", share + 0.1);
    samples.add("many", share > 0.8 ? 1 : 0);
    samples.machine("run-nanos", System.nanoTime());
  }
}
