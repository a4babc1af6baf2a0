package dev.farshore.emulab.testbed.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MirroringLagTest {
  private final List<Long> samples = new ArrayList<>();
  private final MirroringLag lag = new MirroringLag(samples::add);

  @Test
  void aSampleIsFromTheMiddleBeforeTheAppendToTheMiddleBeforeTheForce() {
    lag.primary(7, 0);
    lag.mirror(7, 1);
    lag.primary(9, 10);
    lag.mirror(7, 11);
    lag.mirror(8, 21);
    assertEquals(List.of(), samples);
    lag.mirror(9, 41);
    assertEquals(List.of(31L - 5L), samples);
  }

  @Test
  void whatWasThereAtTheBeginningIsNoSample() {
    lag.primary(7, 0);
    lag.mirror(3, 1);
    lag.mirror(7, 11);
    lag.primary(7, 20);
    lag.mirror(7, 21);
    assertEquals(List.of(), samples);
  }

  @Test
  void oneForceMayAnswerForSeveralSamples() {
    lag.primary(1, 0);
    lag.primary(2, 10);
    lag.primary(3, 20);
    lag.mirror(1, 25);
    lag.mirror(3, 35);
    assertEquals(List.of(25L, 15L), samples);
  }
}
