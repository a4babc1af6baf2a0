package dev.farshore.emulab.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class SampleLogTest {

  private final SampleLog log = new SampleLog();

  @Test
  void writesWhatItReads() throws Exception {
    log.add("goodput", 727_000_000.0);
    log.add("latency-us", 99.9, 1234.5678);
    log.add("latency-us", 0, 1e-7);
    log.add("lost", -0.0);
    String text = SampleCsv.text(log.samples());
    assertEquals(
        """
        metric,at,value
        goodput,,727000000
        latency-us,99.9,1234.5678
        latency-us,0,0.0000001
        lost,,0
        """,
        text);
    assertEquals(text, SampleCsv.text(SampleCsv.parse(text, "samples.csv")));
  }

  @Test
  void refusesWhatIsCutOffOrDamaged() {
    for (String text :
        new String[] {"", "metric,at,value", "metric,at,value\na,1", "metric,at,value\na,,x\n"}) {
      assertThrows(IOException.class, () -> SampleCsv.parse(text, "samples.csv"), text);
    }
  }

  @Test
  void refusesWhatNobodyCouldRead() {
    log.add("a", 1);
    log.add("b", 1, 1);
    log.machine("c", 1);
    assertThrows(IllegalArgumentException.class, () -> log.add("a", 2));
    assertThrows(IllegalArgumentException.class, () -> log.add("b", 1, 2));
    assertThrows(IllegalArgumentException.class, () -> log.add("c", 1));
    assertThrows(IllegalArgumentException.class, () -> log.machine("a", 1));
    assertThrows(IllegalArgumentException.class, () -> log.add("d", Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> log.add("d", Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> log.add("A b", 1));
    assertThrows(IllegalArgumentException.class, () -> log.invalid(" "));
  }

  @Test
  void theFirstReasonCounts() {
    log.invalid("the device dropped packets");
    log.invalid("something else");
    assertEquals("the device dropped packets", log.invalid());
  }
}
