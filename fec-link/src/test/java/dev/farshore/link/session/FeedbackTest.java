package dev.farshore.link.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a sender hears of its receiver. */
class FeedbackTest extends SenderBench {

  @Test
  void estimatesTheRoundTripWithoutTheTimeThatAcksWait() {
    for (long delay : new long[] {50 * US, 5 * MS, 100 * MS}) {
      Session session = session(settings(LAYERED, 0, 100_000_000), delay);
      session.transfer(2_000_000, 20 * SECOND);
      long error = Math.abs(session.sender.roundTripNanos() - 2 * delay);
      assertTrue(error <= 20 * US + delay / 100, "estimated " + session.sender.roundTripNanos());
    }
  }

  @Test
  void bothEndsCountTheSameBytesOnTheWire() {
    Session session = session(settings(LAYERED, 0, 100_000_000), MS);
    session.transfer(200_000, SECOND);
    session.runFor(100 * MS);
    assertEquals(
        session.wire.sending.sentBytes,
        session.sender.statistics().wireBytes(),
        "28 for IP and UDP");
    assertEquals(session.wire.sending.sentBytes, session.receiver.statistics().wireBytes());
  }

  @Test
  void reportsArriveSoonAndSurviveLostAcks() {
    SplittableRandom random = new SplittableRandom(9);
    Session session =
        new Session(
            settings(LAYERED, 0, 100_000_000),
            new Wire(0, 1000, Wire.perfect(MS), Wire.losing(MS, i -> random.nextDouble() < 0.5)));
    session.transfer(10_000, SECOND);
    for (int i = 1; i <= 100; i++) {
      session.receiver.report(new Report(i + 1000, i));
      session.runFor(3 * SECOND);
      assertEquals(new Report(i + 1000, i), session.sender.latestReport());
    }
  }

  @Test
  void anAdvanceOfMirroredIsToldAtOnce() {
    Session session = session(settings(LAYERED, 0, 100_000_000), 5 * MS);
    session.transfer(10_000, SECOND);
    session.runFor(10 * SECOND);
    session.receiver.report(new Report(7, 7));
    session.runFor(5 * MS + 600 * US);
    assertEquals(new Report(7, 7), session.sender.latestReport());
  }

  @Test
  void reportsNeverFallWhenAcksAreReordered() {
    SplittableRandom random = new SplittableRandom(10);
    Session session =
        new Session(
            settings(LAYERED, 0, 100_000_000),
            new Wire(
                0,
                1000,
                Wire.perfect(MS),
                (i, d, now) -> List.of(new Wire.Delivery(now + random.nextLong(30 * MS), d))));
    session.transfer(1000, SECOND);
    long mirrored = 0;
    for (int i = 1; i <= 1000; i++) {
      session.receiver.report(new Report(i, i));
      session.runFor(MS);
      assertTrue(session.sender.latestReport().mirrored() >= mirrored);
      mirrored = session.sender.latestReport().mirrored();
    }
    assertTrue(mirrored > 900);
  }

  @Test
  void closeTellsTheReceiverWhereTheStreamEnds() {
    Session session = session(settings(LAYERED, 0, 100_000_000), 5 * MS);
    session.transfer(10_000, SECOND);
    assertFalse(session.receiver.isEnded());
    session.offer(500);
    session.sender.close(session.wire.nowNanos);
    session.runFor(100 * MS);
    assertTrue(session.receiver.isEnded());
    assertEquals(10_500, session.consumed);
  }

  @Test
  void anIdleLinkStaysAliveWithOneExchangeASecond() {
    Session session = session(settings(LAYERED, 0, 100_000_000), 5 * MS);
    session.transfer(10_000, SECOND);
    session.runFor(10 * SECOND);
    long before = session.wire.sending.sentDatagrams;
    long beforeBack = session.wire.receiving.sentDatagrams;
    session.runFor(100 * SECOND);
    assertTrue(session.wire.sending.sentDatagrams - before <= 110);
    assertTrue(session.wire.receiving.sentDatagrams - beforeBack <= 230);
    assertTrue(session.wire.nowNanos - session.sender.lastAckNanos() <= 2 * SECOND);
    assertTrue(session.wire.nowNanos - session.receiver.lastArrivalNanos() <= 2 * SECOND);
    assertFalse(session.sender.isQuiet(session.wire.nowNanos));
  }
}
