package dev.farshore.emulab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class NumbersTest {

  @Test
  void writesFourDigitsThatCount() {
    assertEquals("0", Numbers.text(-0.0));
    assertEquals("727.3", Numbers.text(727.2727));
    assertEquals("12,350", Numbers.text(12_345.6));
    assertEquals("-1,235", Numbers.text(-1234.6));
    assertEquals("0.0123", Numbers.text(0.0123));
    assertEquals("3.2e-7", Numbers.text(3.2e-7));
    assertEquals("1.235e12", Numbers.text(1.23456e12));
    assertEquals("999,999.5", Numbers.exact(999_999.5));
  }

  @Test
  void theDeviationIsThatOfASample() {
    List<Double> values = List.of(2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0);
    assertEquals(5, Statistics.mean(values));
    assertEquals(Math.sqrt(32 / 7.0), Statistics.deviation(values), 1e-12);
    assertEquals(0, Statistics.deviation(List.of(3.0)));
  }
}
