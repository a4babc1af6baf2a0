package dev.farshore.emulab.tun;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.wan.PathText;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The path itself, with an event counter in place of devices: needs no rights. */
class WarmUpTest {

  @Test
  void packetsGoRoundWhateverTheLinkIsLike() {
    for (Map<String, String> conditions :
        List.of(
            Map.<String, String>of(),
            Map.of("delay", "1h", "jitter", "1s", "loss", "100%", "corrupt", "100%"),
            Map.of("duplicate", "100%"))) {
      int moved = WarmUp.run(new SystemCalls(), PathText.of(conditions, 0).conditions());
      // Each is taken and handed on.
      assertTrue(moved > 15_000, conditions + ": " + moved);
    }
  }
}
