package dev.farshore.link.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LinkSessionTest {

  private static final long MS = 1_000_000;
  private static final long SECOND = 1000 * MS;
  private static final CodeSettings LAYERED = new CodeSettings.Layered(8, List.of(1, 10, 100));

  static LinkSettings settings(CodeSettings code) {
    return new LinkSettings(code, MS, MS, 1_000_000_000L, 1472, 8 << 20);
  }

  private static Session session(CodeSettings code, Wire.Fate forward, Wire.Fate backward) {
    return new Session(settings(code), new Wire(-5, 1472, forward, backward));
  }

  @Test
  void carriesAStreamOverACleanLink() {
    Session session = session(LAYERED, Wire.perfect(25 * MS), Wire.perfect(25 * MS));
    session.transfer(20_000_000, 10 * SECOND);
    LinkStatistics statistics = session.sender.statistics();
    assertEquals(0, statistics.resentPackets());
    assertEquals(0, session.receiver.statistics().lostPackets());
  }

  @Test
  void carriesAStreamOverALossyLinkWithEveryCode() {
    for (CodeSettings code :
        List.of(new CodeSettings.None(), LAYERED, new CodeSettings.ReedSolomon(8, 3))) {
      for (double loss : new double[] {0.01, 0.1, 0.4}) {
        SplittableRandom random = new SplittableRandom(7);
        Session session =
            session(
                code,
                Wire.losing(25 * MS, i -> random.nextDouble() < loss),
                Wire.losing(25 * MS, i -> random.nextDouble() < loss));
        session.transfer(5_000_000, 60 * SECOND);
      }
    }
  }
}
