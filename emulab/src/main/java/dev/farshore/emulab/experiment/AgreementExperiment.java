package dev.farshore.emulab.experiment;

import dev.farshore.emulab.testbed.Outcome;
import dev.farshore.emulab.testbed.Testbed;
import dev.farshore.emulab.testbed.Testbed.Kind;
import dev.farshore.emulab.testbed.Testbeds;
import dev.farshore.emulab.testbed.Trial;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * Runs the same trial on the simulated and on the live testbed, and says both figures and their
 * ratio, live to simulated. It compares what the wire decides: real disks and processors differ
 * from simulated ones, so its usual point keeps the wire slow and far. For each figure it says
 *
 * <ul>
 *   <li>{@code sim-FIGURE} and {@code live-FIGURE}, in the units of {@link Trials#say}
 *   <li>{@code FIGURE-ratio}, live to simulated
 *   <li>{@code FIGURE-agrees}: 1 if the two differ by no more than the tolerance, else 0
 * </ul>
 *
 * and {@code disagreements}, how many figures do not agree. After a disaster, missing answered
 * writes are such a figure. Tolerances are shares of the simulated figure, and for latencies
 * milliseconds beyond that: what processors and disks take, which is nothing in the simulation and
 * not small on a machine that runs both sites, the clients and the wire. Loss agrees if the two
 * differ by no more than three standard deviations of so many packets. What is missing hangs on
 * which packets were lost in the last moments: it agrees if neither has more than a multiple of the
 * other, and some.
 */
final class AgreementExperiment implements Experiment {
  private static final double MEGA = 1e6;
  private static final double MICROS_PER_MILLI = 1000;
  private static final double SIGMAS = 3;
  private static final double MEDIAN = 50;
  private static final double TAIL = 99;
  private static final String WITHIN_GOODPUT = "within-goodput";
  private static final String WITHIN_LATENCY = "within-latency";
  private static final String WITHIN_MEDIAN = "within-median";
  private static final String WITHIN_TAIL = "within-tail";
  private static final String WITHIN_MISSING = "within-missing";
  private static final String WITHIN_FEW = "within-few";
  private static final String IN_FLIGHT = "in-flight";
  private static final String NO_DISASTER = "none";

  @Override
  public String name() {
    return "agreement";
  }

  @Override
  public List<Input> inputs() {
    return Trials.inputs(
        new Input("rate", "of the wire and of the site's link, bits a second", "40Mbit"),
        new Input("groups", "storage machines at each site", "1"),
        new Input("testers", "at the primary, each with one request outstanding", "16"),
        new Input("request", "bytes of one write", "128KiB"),
        new Input("measured", "load that is measured", "20s"),
        new Input(WITHIN_GOODPUT, "share by which goodputs may differ", "10%"),
        new Input(WITHIN_LATENCY, "share by which latencies may differ", "10%"),
        new Input(WITHIN_MEDIAN, "beyond that, at the median", "5ms"),
        new Input(WITHIN_TAIL, "beyond that, at the 99th percentile", "50ms"),
        new Input(IN_FLIGHT, "when the site is lost: arrives, or lost; none for no loss", "none"),
        DisasterExperiment.BAD_LOSS,
        DisasterExperiment.BAD_BURST,
        DisasterExperiment.BAD_TIME,
        new Input(WITHIN_MISSING, "how many times as many writes may be missing", "2"),
        new Input(WITHIN_FEW, "missing writes, beyond that", "10"));
  }

  /** It finds the simulated one for itself. */
  @Override
  public Set<Kind> testbeds() {
    return Set.of(Kind.LIVE);
  }

  @Override
  public void run(Point point, long seed, Testbed testbed, Samples samples)
      throws IOException, InterruptedException {
    boolean lost = !point.text(IN_FLIGHT).equals(NO_DISASTER);
    Trial trial =
        Trials.of(point, lost ? Optional.of(DisasterExperiment.disaster(point)) : Optional.empty());
    Outcome sim = Testbeds.of(Kind.SIM).run(trial, seed);
    Outcome live = testbed.run(trial, seed);
    Comparison comparison = new Comparison(point, samples);
    comparison.share("goodput", sim.goodputBits() / MEGA, live.goodputBits() / MEGA);
    comparison.share("mirrored", sim.mirroredBits() / MEGA, live.mirroredBits() / MEGA);
    comparison.latency("client-latency", sim.clientLatency(), live.clientLatency());
    comparison.latency("mirroring-latency", sim.mirroringLatency(), live.mirroringLatency());
    comparison.loss(sim.wire(), live.wire());
    if (lost) {
      comparison.missing(sim.losses().orElseThrow(), live.losses().orElseThrow());
    }
    samples.add("disagreements", comparison.disagreements);
    if (!live.invalid().isEmpty()) {
      samples.invalid(live.invalid());
    }
  }

  /** Says figures side by side. */
  private static final class Comparison {
    private final Point point;
    private final Samples samples;
    private int disagreements;

    Comparison(Point point, Samples samples) {
      this.point = point;
      this.samples = samples;
    }

    void share(String figure, double sim, double live) {
      boolean agrees = Math.abs(live - sim) <= point.share(WITHIN_GOODPUT) * sim;
      samples.add("sim-" + figure, sim);
      samples.add("live-" + figure, live);
      if (sim > 0) {
        samples.add(figure + "-ratio", live / sim);
      }
      samples.add(figure + "-agrees", verdict(agrees));
    }

    void latency(String figure, Histogram sim, Histogram live) {
      if (sim.getTotalCount() > 0 && live.getTotalCount() > 0) {
        latency(figure, MEDIAN, sim, live, point.nanos(WITHIN_MEDIAN));
        latency(figure, TAIL, sim, live, point.nanos(WITHIN_TAIL));
      }
    }

    private void latency(
        String figure, double percentile, Histogram sim, Histogram live, long beyondNanos) {
      double simulated = sim.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
      double real = live.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
      double tolerance = point.share(WITHIN_LATENCY) * simulated + beyondNanos / MEGA;
      samples.add("sim-" + figure, percentile, simulated);
      samples.add("live-" + figure, percentile, real);
      if (simulated > 0) {
        samples.add(figure + "-ratio", percentile, real / simulated);
      }
      samples.add(figure + "-agrees", percentile, verdict(Math.abs(real - simulated) <= tolerance));
    }

    void loss(Outcome.WireCount sim, Outcome.WireCount live) {
      double simulated = share(sim);
      double real = share(live);
      double sigma =
          Math.sqrt(
              simulated * (1 - simulated) / Math.max(1, sim.offered())
                  + real * (1 - real) / Math.max(1, live.offered()));
      samples.add("sim-wire-loss", simulated);
      samples.add("live-wire-loss", real);
      if (simulated > 0) {
        samples.add("wire-loss-ratio", real / simulated);
      }
      samples.add("wire-loss-agrees", verdict(Math.abs(real - simulated) <= SIGMAS * sigma));
    }

    void missing(Outcome.Losses sim, Outcome.Losses live) {
      double fewer = Math.min(sim.missing(), live.missing());
      double more = Math.max(sim.missing(), live.missing());
      double allowed = point.count(WITHIN_MISSING) * fewer + point.count(WITHIN_FEW);
      samples.add("sim-missing", sim.missing());
      samples.add("live-missing", live.missing());
      samples.add("missing-agrees", verdict(more <= allowed));
    }

    private static double share(Outcome.WireCount wire) {
      return (double) wire.lost() / Math.max(1, wire.offered());
    }

    private double verdict(boolean agrees) {
      if (!agrees) {
        disagreements++;
      }
      return agrees ? 1 : 0;
    }
  }
}
