package dev.farshore.emulab.experiment;

import dev.farshore.emulab.testbed.Testbed;
import dev.farshore.emulab.testbed.Testbed.Kind;
import dev.farshore.emulab.testbed.link.Disasters;
import dev.farshore.emulab.testbed.link.Writer;
import dev.farshore.link.model.LossModel;
import dev.farshore.link.risk.BurstLoss;
import dev.farshore.link.session.LinkSettings;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The chance that status publishes for a group in mode {@code network}, against the disasters that
 * happen. Says for each coverage level, {@code -0} for "as sent" and {@code -1} and so on:
 *
 * <ul>
 *   <li>{@code predicted}: mean of what {@link dev.farshore.link.risk.LossChance} said at the
 *       moments of the disasters
 *   <li>{@code lost-share}: share of the disasters that lost an answered record; {@code lost-low}
 *       and {@code lost-high}: its confidence interval of 95 % (Wilson)
 *   <li>{@code within-2}: 1 if the prediction is at most twice, and at least half, of what the
 *       interval allows
 * </ul>
 */
record RiskExperiment() implements Experiment {

  private static final double QUANTILE_95 = 1.96;

  /** As many packets go by from one disaster to the next, at most. */
  private static final int MOST_PACKETS_APART = 200;

  private static final long SETTLE_ROUND_TRIPS = 3;

  @Override
  public String name() {
    return "risk";
  }

  @Override
  public List<Input> inputs() {
    return LinkInputs.and(
        new Input("request", "bytes of one record", "4KiB"),
        new Input("writes", "full for all that the link takes, one for one at a time", "full"),
        new Input("pause", "mean, from a record that is covered to the next, if one", "2ms"),
        new Input("loss", "share of packets that the wire loses", "1%"),
        new Input("loss-burst", "mean of how many packets are lost together", "1"),
        new Input("disasters", "moments at which the site is lost", "10000"));
  }

  @Override
  public Set<Kind> testbeds() {
    return Set.of(Kind.SIM);
  }

  @Override
  public void run(Point point, long seed, Testbed testbed, Samples samples) {
    SplittableRandom random = new SplittableRandom(seed);
    LinkSettings settings = LinkInputs.settings(point);
    Writer writer = LinkInputs.writer(point, settings, random.split());
    double share = point.share("loss");
    double mean = mean(point);
    LossModel model =
        mean == 1 ? new LossModel.Independent(share) : new LossModel.PacketBursts(share, mean);
    Disasters disasters =
        new Disasters(
            settings,
            new Disasters.Course(
                point.nanos("delay"),
                SETTLE_ROUND_TRIPS * 2 * point.nanos("delay"),
                mostGapNanos(point, settings)),
            writer,
            point.bytes("request"),
            new Disasters.Wire(model, BurstLoss.of(share, mean)),
            random.nextLong());
    int count = point.count("disasters");
    for (int i = 0; i < count; i++) {
      disasters.strike();
    }
    for (int level = 0; level <= disasters.levels(); level++) {
      say(level, disasters.level(level), count, samples);
    }
  }

  private static double mean(Point point) {
    String text = point.text("loss-burst");
    if (!text.matches("[0-9]{1,6}(\\.[0-9]{1,6})?") || Double.parseDouble(text) < 1) {
      throw new IllegalArgumentException("loss-burst: '" + text + "' is not a number from 1 on");
    }
    return Double.parseDouble(text);
  }

  private static long mostGapNanos(Point point, LinkSettings settings) {
    if (point.text("writes").equals("one")) {
      return 2 * point.nanos("pause");
    }
    long bits = (long) MOST_PACKETS_APART * settings.datagramBytes() * Byte.SIZE;
    return (long) (bits * 1e9 / settings.rateBitsPerSecond());
  }

  private static void say(int level, Disasters.Level seen, int count, Samples samples) {
    double share = seen.disasters() / (double) count;
    double[] interval = wilson(share, count);
    samples.add("predicted-" + level, seen.predicted());
    samples.add("lost-share-" + level, share);
    samples.add("lost-low-" + level, interval[0]);
    samples.add("lost-high-" + level, interval[1]);
    boolean within = seen.predicted() <= 2 * interval[1] && seen.predicted() >= interval[0] / 2;
    samples.add("within-2-" + level, within ? 1 : 0);
  }

  /** E. B. Wilson, Journal of the American Statistical Association 22, 1927. */
  private static double[] wilson(double share, int count) {
    double z2 = QUANTILE_95 * QUANTILE_95;
    double centre = share + z2 / (2 * count);
    double spread =
        QUANTILE_95 * Math.sqrt(share * (1 - share) / count + z2 / (4.0 * count * count));
    double scale = 1 + z2 / count;
    return new double[] {Math.max(0, (centre - spread) / scale), (centre + spread) / scale};
  }
}
