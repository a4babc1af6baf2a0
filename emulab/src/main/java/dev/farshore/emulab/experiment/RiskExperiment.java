package dev.farshore.emulab.experiment;

import dev.farshore.emulab.testbed.Testbed;
import dev.farshore.emulab.testbed.Testbed.Kind;
import dev.farshore.emulab.testbed.link.Disasters;
import dev.farshore.emulab.testbed.link.Writer;
import dev.farshore.link.model.LossModel;
import dev.farshore.link.risk.BurstLoss;
import dev.farshore.link.session.LinkSettings;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The chance that status publishes for a group in mode {@code network}, against the disasters that
 * happen. The formula is given the wire's true losses: how well a sender measures them is not
 * tried. Says for each coverage level, {@code -0} for "as sent" and {@code -1} and so on:
 *
 * <ul>
 *   <li>{@code predicted}: mean of what {@link dev.farshore.link.risk.LossChance} said at the
 *       moments of the disasters
 *   <li>{@code lost-share}: share of the disasters that lost an answered record; {@code lost-low}
 *       and {@code lost-high}: its confidence interval of 95 % (Wilson)
 *   <li>{@code verdict}: the number of a {@link Verdict}, whether the prediction is within a factor
 *       of 2
 * </ul>
 *
 * and over all levels {@code within}, {@code undecidable} and {@code outside}: how many have that
 * verdict.
 */
record RiskExperiment() implements Experiment {

  /** By which a prediction may be wrong. */
  private static final double FACTOR = 2;

  /** As many packets go by from one disaster to the next, at most. */
  private static final int MOST_PACKETS_APART = 200;

  private static final long SETTLE_ROUND_TRIPS = 3;

  /**
   * Whether a prediction is within a factor of 2 of the true chance; in the order of the figures.
   */
  enum Verdict {
    /** It is not, wherever in its interval the true chance lies. */
    OUTSIDE,
    /** It depends on where: there were not disasters enough that lost something. */
    UNDECIDABLE,
    /** It is, wherever in its interval the true chance lies. */
    WITHIN;

    static Verdict of(double predicted, ShareInterval seen) {
      if (predicted > FACTOR * seen.high() || predicted < seen.low() / FACTOR) {
        return OUTSIDE;
      }
      boolean sure = predicted <= FACTOR * seen.low() && predicted >= seen.high() / FACTOR;
      return sure ? WITHIN : UNDECIDABLE;
    }
  }

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
    int[] verdicts = new int[Verdict.values().length];
    for (int level = 0; level <= disasters.levels(); level++) {
      verdicts[say(level, disasters.level(level), count, samples).ordinal()]++;
    }
    for (Verdict verdict : Verdict.values()) {
      samples.add(verdict.name().toLowerCase(Locale.ROOT), verdicts[verdict.ordinal()]);
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

  private static Verdict say(int level, Disasters.Level seen, int count, Samples samples) {
    ShareInterval interval = ShareInterval.of(seen.disasters(), count);
    Verdict verdict = Verdict.of(seen.predicted(), interval);
    samples.add("predicted-" + level, seen.predicted());
    samples.add("lost-share-" + level, seen.disasters() / (double) count);
    samples.add("lost-low-" + level, interval.low());
    samples.add("lost-high-" + level, interval.high());
    samples.add("verdict-" + level, verdict.ordinal());
    return verdict;
  }
}
