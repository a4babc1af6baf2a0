package dev.farshore.emulab.experiment;

import dev.farshore.emulab.testbed.Outcome;
import dev.farshore.emulab.testbed.Testbed;
import dev.farshore.emulab.testbed.Testbed.Kind;
import dev.farshore.emulab.testbed.Trial;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The primary site is lost while the wire is bad: what had been answered, and the promoted mirror
 * does not have (SMFS, FAST'09, figure 6). Beside what every trial shows it says
 *
 * <ul>
 *   <li>{@code missing-share}: of the requests that were answered in the trial
 *   <li>{@code lost-any}: 1 if any is missing; its mean is the share of disasters that lose one
 * </ul>
 *
 * @param usual inputs whose usual value differs from that of {@link Trials#INPUTS}
 */
record DisasterExperiment(String name, List<Input> usual) implements Experiment {

  static final Input BAD_LOSS =
      new Input("bad-loss", "share of packets that the wire loses before the site does", "1%");
  static final Input BAD_BURST =
      new Input("bad-burst", "packets, or milliseconds, that are lost together then", "1");
  static final Input BAD_TIME =
      new Input("bad-time", "for how long the wire is bad before the site is lost", "500ms");

  private static final List<Input> OWN =
      List.of(
          new Input("request", "bytes of one write", "4KiB"),
          new Input("measured", "load that is measured, up to the disaster", "120s"),
          BAD_LOSS,
          BAD_BURST,
          BAD_TIME,
          new Input("in-flight", "what is on the wire in the end: arrives, or lost", "arrives"));

  /** Configurations and loss. */
  static final DisasterExperiment DISASTER = new DisasterExperiment("disaster", List.of());

  /** Codes and bursts. */
  static final DisasterExperiment REDUNDANCY =
      new DisasterExperiment(
          "redundancy", List.of(new Input("measured", "load up to the disaster", "5s")));

  @Override
  public List<Input> inputs() {
    Map<String, Input> own = new LinkedHashMap<>();
    OWN.forEach(input -> own.put(input.name(), input));
    usual.forEach(input -> own.put(input.name(), input));
    return Trials.inputs(own.values().toArray(Input[]::new));
  }

  @Override
  public Set<Kind> testbeds() {
    return Set.of(Kind.SIM, Kind.LIVE);
  }

  @Override
  public void run(Point point, long seed, Testbed testbed, Samples samples)
      throws IOException, InterruptedException {
    Trial trial = Trials.of(point, Optional.of(disaster(point)));
    Outcome outcome = testbed.run(trial, seed);
    Trials.say(trial, outcome, samples);
    Outcome.Losses losses = outcome.losses().orElseThrow();
    samples.add("missing-share", losses.missing() / (double) Math.max(1, losses.acknowledged()));
    samples.add("lost-any", losses.missing() > 0 ? 1 : 0);
  }

  /** What {@code bad-loss}, {@code bad-burst}, {@code bad-time} and {@code in-flight} say. */
  static Trial.Disaster disaster(Point point) {
    Map<String, String> wire = new LinkedHashMap<>();
    wire.put("loss", point.text("bad-loss"));
    wire.put("burst", point.text("bad-burst"));
    return new Trial.Disaster(wire, point.nanos("bad-time"), severed(point.text("in-flight")));
  }

  private static boolean severed(String inFlight) {
    return switch (inFlight) {
      case "arrives" -> false;
      case "lost" -> true;
      default ->
          throw new IllegalArgumentException(
              "in-flight: '" + inFlight + "' is neither arrives nor lost");
    };
  }
}
