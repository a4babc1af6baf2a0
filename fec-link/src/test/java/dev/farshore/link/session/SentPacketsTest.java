package dev.farshore.link.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What the sender remembers of its packets, and which of them it sends again. */
class SentPacketsTest {

  private static final long MS = 1_000_000;
  private static final int MOST = 8;

  private final SentPackets packets = new SentPackets(MOST, 0);

  /** Packet n has number n and ten bytes, and leaves at n milliseconds. */
  private void send(int count) {
    for (int i = 0; i < count; i++) {
      long n = packets.next();
      packets.add(10, n, n * MS);
    }
  }

  @Test
  void isFullOfThePacketsThatAreNotAcknowledged() {
    send(MOST - 1);
    assertFalse(packets.isFull());
    send(1);
    assertTrue(packets.isFull());
    packets.acknowledge(1);
    assertFalse(packets.isFull());
    packets.acknowledge(0);
    assertEquals(1, packets.acknowledged(), "acks may be late");
    assertEquals(10 * MOST, packets.offset(packets.next()));
    assertEquals(30, packets.offset(3));
  }

  @Test
  void sendsAgainWhatWasAskedForInThatOrderAndOnce() {
    send(6);
    packets.requestResend(4, 5, 6, 100 * MS);
    packets.requestResend(1, 3, 6, 100 * MS);
    packets.requestResend(1, 5, 6, 100 * MS);
    for (long expected : new long[] {4, 1, 2, 3}) {
      assertTrue(packets.hasResend());
      assertEquals(expected, packets.firstResend());
      packets.onResendHanded();
    }
    assertFalse(packets.hasResend());
  }

  @Test
  void doesNotSendAgainWhatMayStillArrive() {
    send(6);
    packets.requestResend(0, 6, 3, 100 * MS);
    assertEquals(0, packets.firstResend());
    for (int i = 0; i < 3; i++) {
      packets.onResendHanded();
    }
    assertFalse(packets.hasResend(), "a packet after 3, 4 and 5 had not been seen");
    packets.requestResend(3, 6, 10, 4 * MS);
    for (long expected : new long[] {3, 4}) {
      assertTrue(packets.hasResend());
      assertEquals(expected, packets.firstResend());
      packets.onResendHanded();
    }
    assertFalse(packets.hasResend(), "5 left less than a round trip ago");
  }

  @Test
  void aPacketThatWasSentAgainIsJudgedByItsLatestCopy() {
    send(3);
    packets.requestResend(1, 2, 3, 100 * MS);
    packets.onResendHanded();
    packets.onSentAgain(1, 10, 50 * MS);
    packets.requestResend(1, 2, 10, 100 * MS);
    assertFalse(packets.hasResend(), "nothing after its copy was seen");
    packets.requestResend(1, 2, 11, 49 * MS);
    assertFalse(packets.hasResend(), "its copy is younger than a round trip");
    packets.requestResend(1, 2, 11, 50 * MS);
    assertTrue(packets.hasResend());
  }

  @Test
  void whatHasArrivedIsNotSentAgain() {
    send(6);
    packets.requestResend(0, 6, 6, 100 * MS);
    packets.acknowledge(2);
    packets.acknowledgeSelectively(3, 5);
    for (long expected : new long[] {2, 5}) {
      assertTrue(packets.hasResend());
      assertEquals(expected, packets.firstResend());
      packets.onResendHanded();
    }
    assertFalse(packets.hasResend());
    packets.requestResend(3, 5, 100, 100 * MS);
    assertFalse(packets.hasResend());
  }

  @Test
  void ignoresWhatWasNeverSent() {
    send(2);
    packets.requestResend(0, 1L << 40, 100, 100 * MS);
    packets.acknowledgeSelectively(1, 1L << 40);
    assertEquals(0, packets.firstResend());
    packets.onResendHanded();
    assertFalse(packets.hasResend());
    send(1);
    packets.requestResend(2, 3, 100, 100 * MS);
    assertEquals(2, packets.hasResend() ? packets.firstResend() : -1, "2 was not known then");
  }

  @Test
  void departuresComeInOrder() {
    send(2);
    assertFalse(packets.hasDeparted(0));
    packets.onDeparted(7 * MS);
    assertTrue(packets.hasDeparted(0));
    assertFalse(packets.hasDeparted(1));
    assertEquals(7 * MS, packets.departedNanos(0));
    assertEquals(1, packets.departed());
  }
}
