package dev.farshore.link.session;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which settings there can be. */
class LinkSettingsTest extends SenderBench {

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    CodeSettings none = new CodeSettings.None();
    for (Runnable bad :
        List.<Runnable>of(
            () -> new LinkSettings(none, -1, 0, 1_000_000, 1000, 1 << 20),
            () -> new LinkSettings(none, 0, -1, 1_000_000, 1000, 1 << 20),
            () -> new LinkSettings(none, 0, 0, 0, 1000, 1 << 20),
            () -> new LinkSettings(none, 0, 0, 1_000_000, 100, 1 << 20),
            () -> new LinkSettings(none, 0, 0, 1_000_000, 70_000, 1 << 20),
            () -> new LinkSettings(none, 0, 0, 1_000_000, 1000, 1000),
            () -> new LinkSettings(LAYERED, SECOND, 0, 10_000_000_000L, 1000, 1 << 20),
            () -> new LinkSettings(reedSolomon(200, 100), 0, 0, 1_000_000, 1000, 1 << 20),
            () -> new LinkSettings(reedSolomon(0, 3), 0, 0, 1_000_000, 1000, 1 << 20),
            () -> new LinkSettings(reedSolomon(8, 0), 0, 0, 1_000_000, 1000, 1 << 20),
            () -> new CodeSettings.Layered(8, List.of()),
            () -> new CodeSettings.Layered(8, List.of(10, 10)),
            () -> new CodeSettings.Layered(8, List.of(0, 10)))) {
      assertThrows(IllegalArgumentException.class, bad::run);
    }
  }

  private static CodeSettings reedSolomon(int data, int repair) {
    return new CodeSettings.ReedSolomon(data, repair);
  }
}
