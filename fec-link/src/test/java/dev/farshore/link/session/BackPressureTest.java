package dev.farshore.link.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.port.DatagramPort.SendOutcome;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A sender whose receiver, port or kernel does not take what it sends. */
class BackPressureTest extends SenderBench {

  @Test
  void offersBeyondTheWindowAreRefused() {
    Session session = session(settings(LAYERED, 0, 1_000_000_000), SECOND);
    assertEquals(1 << 20, session.sender.writableBytes());
    session.offer(1 << 20);
    assertEquals(0, session.sender.writableBytes());
    assertThrows(
        IllegalArgumentException.class, () -> session.sender.offer(ByteBuffer.allocate(1)));
    assertEquals(1 << 20, session.sender.offeredOffset());
  }

  @Test
  void aSlowReaderHoldsBackTheSenderAndLosesNothing() {
    Session session = session(settings(LAYERED, 0, 1_000_000_000), MS);
    session.consuming = false;
    for (int i = 0; i < 100; i++) {
      session.offer(session.sender.writableBytes());
      session.runFor(10 * MS);
    }
    long reached = session.sender.acknowledgedOffset();
    assertTrue(reached <= 1 << 20 && reached > (1 << 20) - 2000, "acknowledged " + reached);
    assertTrue(session.sender.sentOffset() <= 1 << 20, "nothing beyond the window");
    assertEquals(0, session.receiver.statistics().droppedPackets());
    session.consuming = true;
    session.transfer(3_000_000, 10 * SECOND);
  }

  @Test
  void aReaderThatWaitsForAWholeWindowGetsIt() {
    Session session = session(settings(LAYERED, 0, 1_000_000_000), MS);
    session.consuming = false;
    while (session.sender.acknowledgedOffset() < 1 << 20) {
      session.offer(session.sender.writableBytes());
      session.runFor(10 * MS);
      assertTrue(session.wire.nowNanos < 10 * SECOND, "stuck before the window's end");
    }
  }

  @Test
  void watermarksWaitForBackPressureToEnd() {
    Session session = session(settings(LAYERED, MS, 1_000_000_000), 10 * MS);
    session.runFor(50 * MS);
    session.wire.sending.outcome = SendOutcome.BACK_PRESSURE;
    session.offer(10_000);
    session.runFor(50 * MS);
    assertEquals(0, session.sender.sentOffset());
    assertEquals(0, session.sender.refusedDatagrams());
    session.wire.sending.outcome = SendOutcome.SENT;
    session.runFor(20 * MS);
    assertEquals(10_000, session.sender.sentOffset());
    session.transfer(100_000, SECOND);
    assertEquals(0, session.receiver.statistics().lostPackets(), "no number was skipped");
  }

  @Test
  void backPressureInTheMiddleOfAnythingLosesNothing() {
    for (SendOutcome outcome : List.of(SendOutcome.BACK_PRESSURE, SendOutcome.REFUSED)) {
      SplittableRandom random = new SplittableRandom(6);
      Session session = session(settings(LAYERED, MS, 100_000_000), MS);
      long goal = 400_000;
      long end = session.wire.nowNanos + 60 * SECOND;
      while (session.sender.acknowledgedOffset() < goal) {
        session.wire.sending.outcome = random.nextInt(4) == 0 ? outcome : SendOutcome.SENT;
        session.wire.receiving.outcome = random.nextInt(4) == 0 ? outcome : SendOutcome.SENT;
        session.offer((int) Math.min(goal - session.offered, random.nextInt(3000)));
        session.step();
        assertTrue(session.wire.nowNanos < end, "stuck at " + session.consumed);
        session.advance(end);
      }
      assertEquals(goal, session.consumed);
    }
  }

  @Test
  void whatThePortRefusedIsNeitherSentNorCovered() {
    Session session = session(settings(LAYERED, MS, 1_000_000_000), 10 * MS);
    session.runFor(50 * MS);
    session.wire.sending.outcome = SendOutcome.REFUSED;
    session.offer(10_000);
    session.runFor(10 * SECOND);
    assertEquals(0, session.sender.sentOffset());
    long refused = session.sender.refusedDatagrams();
    assertTrue(refused > 5 && refused < 40, "tries with growing distance, not " + refused);
    session.wire.sending.outcome = SendOutcome.SENT;
    session.transfer(10_000, 5 * SECOND);
  }

  @Test
  void sentWaitsForOurKernelsQueue() {
    Session session = session(settings(LAYERED, 0, 1_000_000_000), 500 * MS);
    session.wire.sending.queuedBytes = 1 << 20;
    session.offer(10_000);
    session.runFor(20 * MS);
    assertFalse(session.sender.givenToKernelOnly());
    assertTrue(session.wire.sending.sentBytes > 10_000);
    assertEquals(0, session.sender.sentOffset());
    assertEquals(0, session.sender.coveredOffset(3));
    // All but the last 5000 bytes on the wire have left.
    session.wire.sending.queuedBytes = 5000;
    session.runFor(MS);
    assertTrue(session.sender.sentOffset() > 0);
    assertTrue(session.sender.coveredOffset(3) < 10_000);
    session.wire.sending.queuedBytes = 0;
    session.runFor(MS);
    assertEquals(10_000, session.sender.sentOffset());
    assertEquals(10_000, session.sender.coveredOffset(3));
  }

  @Test
  void aPortThatCannotTellItsQueueIsReported() {
    Session session = session(settings(LAYERED, 0, 1_000_000_000), 500 * MS);
    assertTrue(session.sender.givenToKernelOnly());
    session.offer(10_000);
    session.runFor(MS);
    assertEquals(10_000, session.sender.sentOffset());
  }

  @Test
  void whatMayHaveBeenRefusedLaterIsSentAgainBeforeWatermarksPassIt() {
    for (CodeSettings code : List.of(LAYERED, new CodeSettings.ReedSolomon(4, 2))) {
      // Datagrams 1 to 40 are taken, and then reported as refused.
      Session[] session = new Session[1];
      Wire.Fate refusing =
          (index, datagram, now) -> {
            if (index >= 1 && index <= 40) {
              session[0].wire.sending.refusedLater++;
              return List.of();
            }
            return List.of(new Wire.Delivery(now + MS, datagram));
          };
      session[0] =
          new Session(
              settings(code, 0, 100_000_000),
              new Wire(0, 1000, refusing, Wire.losing(MS, i -> true)));
      session[0].offer(20_000);
      session[0].runFor(200 * MS);
      int levels = code.levels();
      assertEquals(20_000, session[0].sender.coveredOffset(levels));
      assertEquals(20_000, session[0].consumed, "nothing was asked for, for acks are lost");
      assertTrue(session[0].sender.refusedDatagrams() >= 40);
      assertEquals(0, session[0].sender.statistics().resentPackets());
    }
  }
}
