package dev.farshore.emulab.testbed.link;

import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.LossModel;
import dev.farshore.link.risk.BurstLoss;
import dev.farshore.link.risk.LossChance;
import dev.farshore.link.session.LinkSettings;
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

  /** The sender is asked before one of so many: it takes longer to answer than a draw. */
  private static final int ASKED = 5;

  private final long mostGapNanos;

  private final LinkPair pair;
  private final WireLog log;
  private final Fate fate;
  private final Wire wire;
  private final int recordBytes;
  private final SplittableRandom random;
  private final long[] lostRecords;
  private final double[] said;
  private long disasters;
  private long asked;
  private long unconfirmed;

  /**
   * What was seen and said of one coverage level.
   *
   * @param disasters in which an answered record was lost
   * @param predicted mean of the chances that had been said, before some of them
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
    lostRecords = new long[settings.code().levels() + 1];
    said = new double[lostRecords.length];
    pair.run(course.settleNanos());
  }

  /** Lets time pass, and the site die. */
  public void strike() {
    pair.run(pair.nowNanos() + 1 + random.nextLong(mostGapNanos));
    long hole = fate.draw(firstUnconfirmed(), wire.losses(), random.nextLong());
    long lost = hole == log.next() ? Long.MAX_VALUE : log.offset(hole);
    for (int level = 0; level < said.length; level++) {
      lostRecords[level] += lost < answered(level) ? 1 : 0;
    }
    if (disasters % ASKED == 0) {
      LossChance chance = new LossChance(pair.sender().tail(), wire.measured());
      asked++;
      for (int level = 0; level < said.length; level++) {
        said[level] += chance.upTo(answered(level));
      }
    }
    disasters++;
  }

  /** Stream offset after the last record that was answered. */
  private long answered(int level) {
    return pair.sender().coveredOffset(level) / recordBytes * recordBytes;
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
    return said.length - 1;
  }

  /**
   * @param level 0 to {@link #levels}
   */
  public Level level(int level) {
    return new Level(lostRecords[level], asked == 0 ? 0 : said[level] / asked);
  }
}
