package dev.farshore.emulab.report.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScaleTest {

  private static List<String> labels(Scale scale) {
    return scale.ticks().stream().map(Scale.Tick::label).filter(one -> !one.isEmpty()).toList();
  }

  @Test
  void evenScalesHaveRoundNumbers() {
    assertEquals(
        List.of("0", "200", "400", "600", "800", "1,000"), labels(LinearScale.over(0, 943)));
    assertEquals(
        List.of("0", "0.001", "0.002", "0.003", "0.004", "0.005"),
        labels(LinearScale.over(0, 0.0049)));
    assertEquals(List.of("0", "0.2", "0.4", "0.6", "0.8", "1"), labels(LinearScale.over(0, 0)));
    assertEquals(List.of("-20", "-10", "0", "10", "20"), labels(LinearScale.over(-13, 20)));
  }

  @Test
  void logarithmicScalesHavePowersOfTenAndWhatLiesBetweenIfThereIsRoom() {
    assertEquals(List.of("0.1", "1", "10", "100", "1,000"), labels(LogScale.over(0.1, 900, false)));
    assertEquals(List.of("20", "50", "100"), labels(LogScale.over(25, 86, false)));
    assertEquals(List.of("0.5", "1", "2"), labels(LogScale.over(1, 1, false)));
    assertEquals(
        9, LogScale.over(1, 10, false).ticks().stream().filter(t -> t.place() < 1).count());
  }

  @Test
  void zeroHasAPlaceOnALogarithmicScaleThatHasZeros() {
    LogScale scale = LogScale.over(0.01, 1, true);
    assertEquals("0", scale.ticks().getFirst().label());
    assertEquals(scale.lower(), scale.place(0));
    assertTrue(scale.place(0) < scale.place(0.01) - 0.1);
    assertTrue(Double.isNaN(scale.place(-1)));
    assertTrue(Double.isNaN(LogScale.over(0.01, 1, false).place(0)));
  }

  @Test
  void percentilesAreStretchedAtTheirEnd() {
    NinesScale scale = NinesScale.over(List.of(1.0, 50.0, 99.9, 100.0));
    assertEquals(List.of("25", "50", "75", "90", "95", "99", "99.9", "max"), labels(scale));
    assertEquals(scale.place(99) - scale.place(90), scale.place(99.9) - scale.place(99), 1e-9);
    assertEquals(scale.upper(), scale.place(100));
    assertTrue(Double.isNaN(scale.place(101)));
    assertEquals(List.of("50", "75", "90"), labels(NinesScale.over(List.of(50.0, 90.0))));
  }

  @Test
  void everyScaleHoldsItsValuesAndHasTicks() {
    long seed = 20261121;
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      double least = Math.pow(10, random.nextInt(-12, 15)) * random.nextDouble(0.1, 10);
      double most = least * Math.pow(10, random.nextDouble() * random.nextInt(1, 15));
      String what = "seed " + seed + ": " + least + " to " + most;
      for (Scale scale :
          List.of(
              LinearScale.over(0, most),
              LinearScale.over(least, most),
              LogScale.over(least, most, true))) {
        double slack = 1e-6 * (scale.upper() - scale.lower());
        assertTrue(scale.place(least) >= scale.lower() - slack, what);
        assertTrue(scale.place(most) <= scale.upper() + slack, what);
        long labelled = labels(scale).size();
        assertTrue(labelled >= 2 && labelled <= 13, what + ": " + labels(scale));
        double last = Double.NEGATIVE_INFINITY;
        for (Scale.Tick tick : scale.ticks()) {
          assertTrue(tick.place() > last, what);
          last = tick.place();
        }
      }
    }
  }
}
