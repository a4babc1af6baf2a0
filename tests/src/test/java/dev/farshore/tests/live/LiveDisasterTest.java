package dev.farshore.tests.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.tests.live.LiveDisaster.Figures;
import dev.farshore.tests.live.LiveDisaster.Loss;
import dev.farshore.tests.live.LiveDisaster.Terms;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@link LiveDisaster} in mode {@code network} at full coverage: no write that was acknowledged is
 * missing. A machine that cannot keep the link busy gets a slower one: {@code tests/bin/disaster}
 * runs many rounds.
 */
@Tag("live")
@Timeout(600)
final class LiveDisasterTest {
  private static final long WRITES = 1000;
  private static final long FASTEST_BITS = 25_000_000;
  private static final long SLOWEST_BITS = FASTEST_BITS / 16;

  @ParameterizedTest
  @EnumSource
  void everyAcknowledgedWriteSurvivesThePrimary(Loss loss, @TempDir Path directory)
      throws Exception {
    boolean busy = false;
    for (long rate = FASTEST_BITS; !busy; rate /= 2) {
      assertTrue(rate >= SLOWEST_BITS, "the client never kept the link busy");
      Figures figures =
          LiveDisaster.run(
              directory.resolve("rate-" + rate), new Terms(loss, "network", rate, WRITES, 1));
      assertEquals(List.of(), figures.wrong(), figures::toString);
      busy = figures.busy();
    }
  }
}
