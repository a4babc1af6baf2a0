package dev.farshore.emulab.experiment;

import dev.farshore.emulab.testbed.Testbed;
import dev.farshore.emulab.testbed.Testbed.Kind;
import dev.farshore.emulab.testbed.link.LinkPair;
import dev.farshore.emulab.testbed.link.RepairWatch;
import dev.farshore.emulab.testbed.link.RepairWatch.Repaired;
import dev.farshore.emulab.testbed.link.Writer;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.session.LinkSettings;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;

/**
 * The wire loses so many datagrams in a row, data and repairs, again and again: how long each lost
 * data packet was missing, and what brought it. Says
 *
 * <ul>
 *   <li>{@code lost}: data packets; {@code by-layer-1} and so on, {@code resent}: shares of them;
 *       {@code not-there}: those that had not come in the end
 *   <li>{@code delay}: milliseconds at percentiles, {@code delay-mean}, {@code delay-max}, of all;
 *       {@code delay-layer-1} and so on, {@code delay-resent}: means
 * </ul>
 */
record RepairDelayExperiment() implements Experiment {

  private static final double[] PERCENTILES = {1, 5, 10, 25, 50, 75, 90, 95, 99, 100};
  private static final double NANOS_PER_MILLI = 1e6;
  private static final int DIGITS = 3;

  /** The end of a datagram's time on the wire counts, not its beginning. */
  private static final long WIRE_OVERHEAD_BYTES = 28;

  @Override
  public String name() {
    return "repair-delay";
  }

  @Override
  public List<Input> inputs() {
    return LinkInputs.and(
        new Input("request", "bytes of one record", "4KiB"),
        new Input("loss-burst", "datagrams that are lost together", "1"),
        new Input("bursts", "how often", "200"),
        new Input("apart", "from one burst to the next, and up to twice that", "50ms"));
  }

  @Override
  public Set<Kind> testbeds() {
    return Set.of(Kind.SIM);
  }

  @Override
  public void run(Point point, long seed, Testbed testbed, Samples samples) {
    SplittableRandom random = new SplittableRandom(seed);
    LinkSettings settings = LinkInputs.settings(point);
    long delay = point.nanos("delay");
    LinkPair pair =
        new LinkPair(
            settings,
            LinkConditions.PERFECT.withDelay(delay),
            Writer.fullRate(point.bytes("request")),
            random.nextLong());
    RepairWatch watch = new RepairWatch(pair, settings.datagramBytes(), delay);
    long apart = point.nanos("apart");
    long burst = burstNanos(point.count("loss-burst"), settings);
    for (int i = 0; i < point.count("bursts"); i++) {
      pair.run(pair.nowNanos() + apart + random.nextLong(apart));
      pair.forward().partition(pair.nowNanos(), pair.nowNanos() + burst);
    }
    long end = pair.nowNanos() + burst + apart;
    // What was asked for and sent again takes a round trip and more.
    pair.run(end + 4 * delay + apart);
    say(watch, settings, end, samples);
  }

  /** The wire is full: so long do that many datagrams take. */
  private static long burstNanos(int datagrams, LinkSettings settings) {
    long bits = (settings.datagramBytes() + WIRE_OVERHEAD_BYTES) * Byte.SIZE;
    return (long) (datagrams * (bits * 1e9 / settings.rateBitsPerSecond()));
  }

  private static void say(RepairWatch watch, LinkSettings settings, long end, Samples samples) {
    List<Repaired> repaired = watch.repaired();
    long missing = watch.missing(end);
    double lost = Math.max(1, repaired.size() + missing);
    samples.add("lost", repaired.size() + missing);
    samples.add("not-there", missing);
    for (int layer = 0; layer < settings.code().levels(); layer++) {
      say("layer-" + (layer + 1), "by-layer-" + (layer + 1), layer, repaired, lost, samples);
    }
    say("resent", "resent", RepairWatch.RESENT, repaired, lost, samples);
    if (repaired.isEmpty()) {
      return;
    }
    Histogram delays = new Histogram(DIGITS);
    repaired.forEach(one -> delays.recordValue(one.delayNanos()));
    for (double percentile : PERCENTILES) {
      samples.add("delay", percentile, delays.getValueAtPercentile(percentile) / NANOS_PER_MILLI);
    }
    samples.add("delay-mean", delays.getMean() / NANOS_PER_MILLI);
    samples.add("delay-max", delays.getMaxValue() / NANOS_PER_MILLI);
  }

  private static void say(
      String kind, String metric, int layer, List<Repaired> all, double lost, Samples samples) {
    List<Repaired> those = all.stream().filter(one -> one.layer() == layer).toList();
    samples.add(metric, those.size() / lost);
    those.stream()
        .mapToLong(Repaired::delayNanos)
        .average()
        .ifPresent(mean -> samples.add("delay-" + kind, mean / NANOS_PER_MILLI));
  }
}
