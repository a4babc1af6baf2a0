package dev.farshore.agent.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class LagMeterTest {

  @Test
  void measuresWhatIsNotConfirmed() {
    LagMeter lag = new LagMeter(10, 1000);
    assertEquals(0, lag.bytes());
    lag.appended(11, 1100, 50);
    lag.appended(12, 1300, 60);
    assertEquals(300, lag.bytes());
    assertEquals(30, lag.nanos(80));
    lag.confirmed(11);
    assertEquals(200, lag.bytes());
    assertEquals(20, lag.nanos(80));
    lag.confirmed(12);
    assertEquals(0, lag.bytes());
    assertEquals(0, lag.nanos(80));
  }

  @Test
  void hasADeadlineOnlyUntilTheAgeIsPassed() {
    LagMeter lag = new LagMeter(10, 1000);
    assertEquals(Long.MAX_VALUE, lag.deadlineNanos(20, 40), "nothing is unconfirmed");
    lag.appended(11, 1100, 50);
    assertEquals(71, lag.deadlineNanos(20, 55), "the first moment that is too late");
    assertEquals(71, lag.deadlineNanos(20, 70));
    assertEquals(Long.MAX_VALUE, lag.deadlineNanos(20, 71), "it has been too late since");
    assertEquals(Long.MAX_VALUE, lag.deadlineNanos(Long.MAX_VALUE - 1, 71));
  }

  @Test
  void neverUnderstatesTheAgeHoweverManySamples() {
    LagMeter lag = new LagMeter(0, 0);
    for (int lsn = 1; lsn <= 100_000; lsn++) {
      lag.appended(lsn, lsn * 10L, lsn);
    }
    assertEquals(1_000_000, lag.bytes());
    assertEquals(200_000 - 1, lag.nanos(200_000));
    for (int confirmed = 0; confirmed <= 100_000; confirmed += 777) {
      lag.confirmed(confirmed);
      assertTrue(lag.nanos(200_000) >= 200_000 - confirmed - 1);
      assertTrue(lag.bytes() >= (100_000 - confirmed) * 10L);
    }
  }
}
