package dev.farshore.link.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** When the receiver acknowledges. */
class AckScheduleTest {

  private static final long US = 1_000;
  private static final long MS = 1_000_000;

  private final AckSchedule acks = new AckSchedule(80);

  @Test
  void theFirstPacketIsAcknowledgedAtOnceAndThenEveryTenth() {
    assertEquals(Deadline.NONE, acks.dueNanos());
    acks.onData(5 * MS);
    assertEquals(5 * MS, acks.dueNanos());
    for (int round = 0; round < 3; round++) {
      long start = (round + 1) * 100 * MS;
      acks.onSent(start);
      for (int i = 0; i < 9; i++) {
        acks.onData(start + MS);
        assertEquals(start + 10 * MS, acks.dueNanos(), "packet " + i + " is of no hurry");
      }
      acks.onData(start + 2 * MS);
      assertEquals(start + 2 * MS, acks.dueNanos());
    }
  }

  @Test
  void acksAreNeverCloserThanHalfAMillisecond() {
    acks.onUrgent(0);
    acks.onSent(0);
    acks.onUrgent(100 * US);
    assertEquals(500 * US, acks.dueNanos());
    acks.onUrgent(700 * US);
    assertEquals(500 * US, acks.dueNanos());
  }

  @Test
  void anAckIsRepeatedAtGrowingDistancesUpToASecondUntilThereIsNews() {
    acks.onNews(0);
    assertEquals(10 * MS, acks.dueNanos());
    long now = 10 * MS;
    for (long wait : new long[] {10, 20, 40, 80, 160, 320, 640, 1000, 1000}) {
      acks.onSent(now);
      assertEquals(now + wait * MS, acks.dueNanos());
      now += wait * MS;
    }
    acks.onNews(now);
    acks.onSent(now);
    assertEquals(now + 10 * MS, acks.dueNanos());
  }

  @Test
  void aPingIsAnsweredAtOnceAndIsNoNews() {
    acks.onUrgent(0);
    acks.onSent(0);
    acks.onSent(10 * MS);
    acks.onPing(15 * MS);
    assertEquals(15 * MS, acks.dueNanos());
    acks.onSent(15 * MS);
    assertEquals(15 * MS + 40 * MS, acks.dueNanos());
  }
}
