package dev.farshore.emulab.testbed.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.testbed.link.LinkPair;
import dev.farshore.emulab.testbed.link.Writer;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.LossModel;
import dev.farshore.link.session.CodeSettings;
import dev.farshore.link.session.LinkSettings;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the watch says that a receiver can have, against sessions that end. */
class WireWatchTest {
  private static final int RECORD = 4096;
  private static final long DELAY_NANOS = 10_000_000;
  private static final List<CodeSettings> CODES =
      List.of(
          new CodeSettings.Layered(8, List.of(1, 10, 100)),
          new CodeSettings.Layered(4, List.of(1, 7)),
          new CodeSettings.ReedSolomon(8, 3),
          new CodeSettings.None());

  /** Long enough that what the receiver has is forgotten on the way, several times. */
  @Test
  void theReceiverHasExactlyWhatTheWatchSays() {
    int incomplete = 0;
    for (long seed = 0; seed < 12; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      CodeSettings code = CODES.get((int) seed % CODES.size());
      LinkSettings settings =
          new LinkSettings(
              code, seed % 3 == 0 ? 0 : 1_000_000, 500_000, 400_000_000, 1400, 16 << 20);
      LossModel model =
          seed % 2 == 0
              ? new LossModel.Independent(0.08)
              : new LossModel.PacketBursts(0.05, 1 + random.nextInt(20));
      LinkConditions conditions = LinkConditions.PERFECT.withDelay(DELAY_NANOS);
      LinkPair pair = new LinkPair(settings, conditions, Writer.fullRate(RECORD), seed);
      WireWatch watch = WireWatch.ofTail();
      pair.forward().capture(watch);
      pair.forward().change(conditions.withLoss(model));
      pair.run(400_000_000 + random.nextLong(20_000_000));
      pair.strike();
      pair.run(pair.nowNanos() + 4 * DELAY_NANOS);
      SessionWatch session = watch.latest();
      String about = "seed " + seed + ", " + settings;
      assertEquals(session.recoverableOffset(), pair.deliveredBytes(), about);
      assertTrue(pair.deliveredBytes() > 8 << 20, about);
      incomplete += session.unheldBytes() > 0 ? 1 : 0;
    }
    assertTrue(incomplete > 3, "some must lack something, not " + incomplete);
  }
}
