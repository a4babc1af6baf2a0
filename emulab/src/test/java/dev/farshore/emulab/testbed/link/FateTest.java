package dev.farshore.emulab.testbed.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.LossModel;
import dev.farshore.link.model.PathCapture;
import dev.farshore.link.packet.Packet;
import dev.farshore.link.packet.PacketReader;
import dev.farshore.link.risk.BurstLoss;
import dev.farshore.link.risk.LossChance;
import dev.farshore.link.session.CodeSettings;
import dev.farshore.link.session.LinkSettings;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is said of a session's end by counting, against a session that really ends. */
class FateTest {
  private static final int RECORD = 4096;
  private static final int LEVELS = 3;
  private static final LossModel.Independent LOSSES = new LossModel.Independent(0.05);
  private static final long DELAY_NANOS = 10_000_000;
  private static final List<CodeSettings> CODES =
      List.of(
          new CodeSettings.Layered(8, List.of(1, 10, 100)),
          new CodeSettings.Layered(4, List.of(1, 7)),
          new CodeSettings.ReedSolomon(8, 3),
          new CodeSettings.None());

  /** A log that knows what did not arrive, too. */
  private static final class Watch implements PathCapture {
    final WireLog log;
    final BitSet lost = new BitSet();
    private final PacketReader reader;

    Watch(int datagramBytes) {
      log = new WireLog(datagramBytes, 1 << 15);
      reader = new PacketReader(LinkPair.SESSION, datagramBytes);
    }

    @Override
    public void entered(byte[] datagram, long nowNanos) {
      log.entered(datagram, nowNanos);
      lost.set(number(datagram));
    }

    @Override
    public void arrived(byte[] datagram, long nowNanos) {
      lost.clear(number(datagram));
    }

    private int number(byte[] datagram) {
      return switch (reader.read(ByteBuffer.wrap(datagram))) {
        case Packet.Data data -> (int) data.number();
        case Packet.Repair repair -> (int) repair.number();
        case Packet.Ping ping -> (int) ping.number();
        default -> throw new AssertionError("not of this direction");
      };
    }
  }

  private static LinkSettings settings(CodeSettings code, long burstNanos, long rate) {
    return new LinkSettings(code, burstNanos, 500_000, rate, 1400, 16 << 20);
  }

  @Test
  void theMirrorHasExactlyWhatCountingSays() {
    int incomplete = 0;
    for (long seed = 0; seed < 60; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      CodeSettings code = CODES.get((int) seed % CODES.size());
      LinkSettings settings = settings(code, seed % 3 == 0 ? 0 : 1_000_000, 200_000_000);
      LossModel model =
          seed % 2 == 0
              ? new LossModel.Independent(0.05)
              : new LossModel.PacketBursts(0.05, 1 + random.nextInt(20));
      LinkConditions conditions = LinkConditions.PERFECT.withDelay(DELAY_NANOS);
      LinkPair pair = new LinkPair(settings, conditions, Writer.fullRate(RECORD), seed);
      Watch watch = new Watch(settings.datagramBytes());
      pair.forward().capture(watch);
      pair.forward().change(conditions.withLoss(model));
      pair.run(30_000_000 + random.nextLong(20_000_000));
      pair.strike();
      pair.run(pair.nowNanos() + 4 * DELAY_NANOS);
      long hole = new Fate(watch.log).of(0, watch.lost);
      String about = "seed " + seed + ", " + settings;
      if (hole < watch.log.next()) {
        assertEquals(watch.log.offset(hole), pair.deliveredBytes(), about);
        incomplete++;
      } else {
        assertTrue(pair.deliveredBytes() > watch.log.offset(hole - 1), about);
      }
    }
    assertTrue(incomplete > 20, "some must lack something, not " + incomplete);
  }

  /** Ends of sessions that had lived with their losses, and were asked for what they lost. */
  private static final class Ends {
    final int[] lost = new int[LEVELS + 1];
    final double[] said = new double[LEVELS + 1];
    private final LinkSettings settings;
    private final int levels;
    private final int sessions;

    Ends(LinkSettings settings, int sessions) {
      this.settings = settings;
      this.levels = settings.code().levels();
      this.sessions = sessions;
    }

    void run(long delayNanos, LossModel model, BurstLoss loss) {
      LinkConditions conditions = LinkConditions.PERFECT.withDelay(delayNanos).withLoss(model);
      for (long seed = 0; seed < sessions; seed++) {
        LinkPair pair = new LinkPair(settings, conditions, Writer.fullRate(RECORD), seed);
        pair.run(8 * delayNanos + new SplittableRandom(seed).nextLong(8 * delayNanos));
        LossChance chance = new LossChance(pair.sender().tail(), loss);
        long[] answered = new long[levels + 1];
        for (int level = 0; level <= levels; level++) {
          answered[level] = pair.sender().coveredOffset(level) / RECORD * RECORD;
          said[level] += chance.upTo(answered[level]) / sessions;
        }
        pair.strike();
        pair.run(pair.nowNanos() + 4 * delayNanos);
        for (int level = 0; level <= levels; level++) {
          lost[level] += answered[level] > pair.deliveredBytes() ? 1 : 0;
        }
      }
    }

    /** Within three deviations of such a number of sessions, and a fifth. */
    void assertAre(String what, int level, double share) {
      double deviation = Math.sqrt(Math.max(0, share * (1 - share)) / sessions);
      String about = what + ", level " + level + ": " + share + ", sessions " + lost[level];
      double tolerance = 3 * deviation + 0.2 * share + 0.02;
      assertEquals(share, lost[level] / (double) sessions, tolerance, about);
    }
  }

  @Test
  void disastersOfOneSessionAreLikeThoseOfManySessions() {
    LinkSettings settings = settings(CODES.getFirst(), 1_000_000, 1_000_000_000);
    Ends ends = new Ends(settings, 40);
    ends.run(DELAY_NANOS, LOSSES, BurstLoss.independent(LOSSES.probability()));
    int count = 800;
    Disasters disasters = many(LOSSES, count);
    for (int level = 0; level <= LEVELS; level++) {
      ends.assertAre("one", level, disasters.level(level).disasters() / (double) count);
    }
  }

  /** A round trip is a fraction of the code's span: lost packets wait for their last layer. */
  @Test
  void whatASenderSaysHoldsForSessionsWithLosses() {
    for (CodeSettings code : List.of(CODES.get(0), CODES.get(2))) {
      for (double run : new double[] {1, 5}) {
        Ends ends = new Ends(settings(code, 1_000_000, 200_000_000), 100);
        BurstLoss loss = BurstLoss.of(0.05, run);
        LossModel model = run == 1 ? LOSSES : new LossModel.PacketBursts(0.05, run);
        ends.run(DELAY_NANOS / 2, model, loss);
        for (int level = 0; level <= code.levels(); level++) {
          ends.assertAre(code + " " + loss, level, ends.said[level]);
        }
      }
    }
  }

  @Test
  void aCodeThatIsLongerThanARoundTripIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            disasters(settings(CODES.getFirst(), 0, 50_000_000), new LossModel.Independent(0.01))
                .strike());
  }

  @Test
  void theSameSeedGivesTheSameDisasters() {
    LossModel model = new LossModel.PacketBursts(0.05, 4);
    Disasters one = many(model, 50);
    Disasters other = many(model, 50);
    for (int level = 0; level <= LEVELS; level++) {
      assertEquals(one.level(level), other.level(level));
    }
  }

  private static Disasters many(LossModel model, int count) {
    Disasters disasters = disasters(settings(CODES.getFirst(), 1_000_000, 1_000_000_000), model);
    for (int i = 0; i < count; i++) {
      disasters.strike();
    }
    return disasters;
  }

  private static Disasters disasters(LinkSettings settings, LossModel model) {
    return new Disasters(
        settings,
        new Disasters.Course(DELAY_NANOS, 60_000_000, 2_000_000),
        Writer.fullRate(RECORD),
        RECORD,
        new Disasters.Wire(model, BurstLoss.independent(0.05)),
        11);
  }
}
