package dev.farshore.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class QuantityTest {
  @Test
  void readsSizesDurationsAndRates() {
    assertEquals(64L << 20, Quantity.SIZE.parse("64MiB"));
    assertEquals(64_000_000L, Quantity.SIZE.parse("64 MB"));
    assertEquals(3L << 29, Quantity.SIZE.parse("1.5GiB"));
    assertEquals(10_000_000L, Quantity.DURATION.parse("10ms"));
    assertEquals(1_500L, Quantity.DURATION.parse("1.5µs"));
    assertEquals(60_000_000_000L, Quantity.DURATION.parse("1min"));
    assertEquals(1_000_000_000L, Quantity.RATE.parse("1Gbit"));
  }

  @Test
  void refusesANumberWithoutItsUnit() {
    String said = refusal(Quantity.SIZE, "64");
    assertTrue(said.contains("has no unit") && said.contains("MiB"), said);
  }

  @Test
  void refusesUnitsOfAnotherQuantityAndWrongCase() {
    assertTrue(refusal(Quantity.SIZE, "10ms").contains("unknown unit 'ms'"));
    assertTrue(refusal(Quantity.RATE, "1GiB").contains("unknown unit 'GiB'"));
    assertTrue(refusal(Quantity.SIZE, "1mib").contains("unknown unit"));
  }

  @Test
  void refusesWhatIsNoNumberOrDoesNotFit() {
    for (String text : new String[] {"", "MiB", "-1MiB", "1e3B", "0x10B", "1,5GiB", "٣MiB"}) {
      refusal(Quantity.SIZE, text);
    }
    refusal(Quantity.SIZE, "9999999999TiB");
    refusal(Quantity.SIZE, "0.3B");
    refusal(Quantity.SIZE, "9".repeat(100) + "B");
  }

  @Test
  void writesWhatItReadsBack() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      long value = random.nextLong() >>> 1 + random.nextInt(62);
      for (Quantity quantity : Quantity.values()) {
        assertEquals(value, quantity.parse(quantity.exact(value)), "value " + value);
      }
    }
    assertEquals("0B", Quantity.SIZE.exact(0));
    assertEquals("64MiB", Quantity.SIZE.exact(64 << 20));
    assertEquals("1400B", Quantity.SIZE.exact(1400));
    assertEquals("90s", Quantity.DURATION.exact(90_000_000_000L));
  }

  private static String refusal(Quantity quantity, String text) {
    return assertThrows(IllegalArgumentException.class, () -> quantity.parse(text), text)
        .getMessage();
  }
}
