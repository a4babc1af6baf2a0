package dev.farshore.agent.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FollowerLagTest {
  private final FollowerLag lag = new FollowerLag();

  @Test
  void isNothingWhenEverythingWasReached() {
    lag.observe(10, 10, 100);
    assertEquals(0, lag.nanos(500));
  }

  @Test
  void isTheAgeOfTheOldestGoalThatWasNotReached() {
    lag.observe(10, 5, 100);
    lag.observe(20, 5, 200);
    assertEquals(400, lag.nanos(500));
    lag.observe(20, 10, 600);
    assertEquals(500, lag.nanos(700));
    lag.observe(20, 20, 800);
    assertEquals(0, lag.nanos(900));
  }

  @Test
  void aGoalThatStandsStillKeepsItsAge() {
    for (long now = 0; now <= 1000; now += 100) {
      lag.observe(7, 6, now);
    }
    assertEquals(1000, lag.nanos(1000));
  }

  @Test
  void isBoundedAndStillTellsTheOldest() {
    for (long i = 1; i <= 100_000; i++) {
      lag.observe(i, 0, i);
    }
    assertEquals(100_000 - 1, lag.nanos(100_000));
    lag.observe(100_000, 100, 100_001);
    assertTrue(lag.nanos(100_001) > 0);
  }
}
