package dev.farshore.emulab.testbed.link;

import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.LossModel;
import dev.farshore.link.risk.BurstLoss;
import dev.farshore.link.risk.LossChance;
import dev.farshore.link.risk.Tail;
import dev.farshore.link.session.LinkSender;
import dev.farshore.link.session.LinkSettings;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Many disasters of one link session, and what its sender had said of the danger each time.
 *
 * <p>The sender runs on, over a path without loss; at each of many moments its site is taken to
 * die: which of the datagrams that it has on the wire are lost is drawn, and {@link Fate} says what
 * the mirror would have. So a disaster costs its draws and not a session. What it leaves out is
 * what earlier losses do to a session: resent packets among new ones, and lost packets that wait
 * for the last of their repairs for longer than a round trip, because nobody asks for them before.
 * So the round trip must be longer than the span of the code, which is checked. Tests compare it
 * with sessions that live with their losses and die.
 */
public final class Disasters {

  /** More than are ever on the wire. */
  private static final int WINDOW_PACKETS = 1 << 17;

  private final long mostGapNanos;

  private final LinkPair pair;
  private final WireLog log;
  private final Fate fate;
  private final Wire wire;
  private final int recordBytes;
  private final SplittableRandom random;
  private final Level[] levels;
  private long disasters;
  private long unconfirmed;

  /**
   * What was seen and said of one coverage level.
   *
   * @param disasters in which an answered record was lost
   * @param predicted mean of the chances that had been said
   */
  public record Level(long disasters, double predicted) {}

  /**
   * @param delayNanos of both directions
   * @param settleNanos from the beginning to the first disaster
   * @param mostGapNanos from a disaster to the next; at least 1
   */
  public record Course(long delayNanos, long settleNanos, long mostGapNanos) {}

  /**
   * @param losses what the wire does
   * @param measured the same as the sender has measured it
   */
  public record Wire(LossModel losses, BurstLoss measured) {}

  /**
   * Begins the session, and lets it settle.
   *
   * @param recordBytes of the records that the writer offers
   */
  public Disasters(
      LinkSettings settings, Course course, Writer writer, int recordBytes, Wire wire, long seed) {
    this.random = new SplittableRandom(seed);
    this.recordBytes = recordBytes;
    this.wire = wire;
    this.mostGapNanos = course.mostGapNanos();
    LinkConditions conditions = LinkConditions.PERFECT.withDelay(course.delayNanos());
    pair = new LinkPair(settings, conditions, writer, random.nextLong());
    log = new WireLog(settings.datagramBytes(), WINDOW_PACKETS);
    fate = new Fate(log);
    pair.forward().capture(log);
    levels = new Level[settings.code().levels() + 1];
    Arrays.fill(levels, new Level(0, 0));
    pair.run(course.settleNanos());
  }

  /** Lets time pass, and the site die. */
  public void strike() {
    pair.run(pair.nowNanos() + 1 + random.nextLong(mostGapNanos));
    LinkSender sender = pair.sender();
    Tail tail = sender.tail();
    long hole = fate.draw(firstUnconfirmed(), wire.losses(), random.nextLong());
    long lost = hole == log.next() ? Long.MAX_VALUE : log.offset(hole);
    LossChance chance = new LossChance(tail, wire.measured());
    disasters++;
    for (int level = 0; level < levels.length; level++) {
      long answered = sender.coveredOffset(level) / recordBytes * recordBytes;
      Level before = levels[level];
      levels[level] =
          new Level(
              before.disasters() + (lost < answered ? 1 : 0),
              before.predicted() + chance.upTo(answered));
    }
  }

  private long firstUnconfirmed() {
    long acknowledged = pair.sender().acknowledgedOffset();
    while (unconfirmed < log.next() && log.offset(unconfirmed) < acknowledged) {
      unconfirmed++;
    }
    if (unconfirmed > 0 && log.layers(unconfirmed - 1) < levels()) {
      throw new IllegalArgumentException("the round trip is shorter than the span of the code");
    }
    return unconfirmed;
  }

  /** How many there have been. */
  public long disasters() {
    return disasters;
  }

  public int levels() {
    return levels.length - 1;
  }

  /**
   * @param level 0 to {@link #levels}
   */
  public Level level(int level) {
    Level sum = levels[level];
    return new Level(sum.disasters(), sum.predicted() / Math.max(1, disasters));
  }
}
