package dev.farshore.link.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.packet.Packet;
import dev.farshore.link.packet.PacketReader;
import dev.farshore.link.port.DatagramPort.SendOutcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LinkSenderTest {

  private static final long US = 1_000;
  private static final long MS = 1_000_000;
  private static final long SECOND = 1000 * MS;
  private static final CodeSettings LAYERED = new CodeSettings.Layered(8, List.of(1, 10, 100));

  private static LinkSettings settings(CodeSettings code, long burst, long rate) {
    return new LinkSettings(code, burst, MS / 2, rate, 1000, 1 << 20);
  }

  private static Session session(LinkSettings settings, long delay) {
    return new Session(
        settings,
        new Wire(3 * SECOND, settings.datagramBytes(), Wire.perfect(delay), Wire.perfect(delay)));
  }

  private static List<Packet> sent(Session session) {
    List<Packet> packets = new ArrayList<>();
    PacketReader reader = new PacketReader(Session.SESSION_ID, 1000);
    session.wire.sending.sent.forEach(bytes -> packets.add(reader.read(ByteBuffer.wrap(bytes))));
    return packets;
  }

  @Test
  void neverExceedsTheRateAndUsesIt() {
    for (long rate : new long[] {1_000_000, 50_000_000, 1_000_000_000, 10_000_000_000L}) {
      LinkSettings settings = new LinkSettings(LAYERED, MS, MS, rate, 1000, 64 << 20);
      Session session = session(settings, 10 * MS);
      long start = session.wire.nowNanos;
      // Anything in flight is a few packets, or a millisecond of a coarse timer.
      double depth = Math.max(rate / 1000.0, 2.0 * 8 * 1028) + 8 * 1028;
      long end = start + Math.min(SECOND, 20_000L * 8 * 1000 * SECOND / rate);
      while (session.wire.nowNanos < end) {
        session.offer(session.sender.writableBytes());
        session.step();
        double bits = 8.0 * session.wire.sending.sentBytes;
        double allowed = rate * (session.wire.nowNanos - start) / 1e9 + depth;
        assertTrue(bits <= allowed + 1, "%s bits of %s at %d".formatted(bits, allowed, rate));
        session.advance(end);
      }
      double used = 8.0 * session.wire.sending.sentBytes / (rate * (end - start) / 1e9);
      assertTrue(used > 0.97, "used " + used + " of " + rate);
    }
  }

  @Test
  void aTimerOfAMillisecondCostsNoRate() {
    Session session = session(settings(LAYERED, MS, 200_000_000), 10 * MS);
    long start = session.wire.nowNanos;
    for (int tick = 0; tick < 500; tick++) {
      session.offer(session.sender.writableBytes());
      session.wire.nowNanos = start + tick * MS;
      session.step();
    }
    double used = 8.0 * session.wire.sending.sentBytes / (200_000_000 * 0.5);
    assertTrue(used > 0.95 && used < 1.01, "used " + used);
  }

  @Test
  void smallOffersSharePacketsAndTheLastIsNotHeldBack() {
    Session session = session(settings(new CodeSettings.None(), 0, 1_000_000_000), MS);
    session.wire.sending.keepSent = true;
    for (int i = 0; i < 100; i++) {
      session.offer(20);
    }
    session.step();
    session.offer(1);
    session.step();
    List<Integer> lengths =
        sent(session).stream()
            .filter(Packet.Data.class::isInstance)
            .map(packet -> ((Packet.Data) packet).payload().remaining())
            .toList();
    assertEquals(List.of(930, 930, 140, 1), lengths);
  }

  @Test
  void aLoneWriteIsCoveredLayerByLayerWithoutWaitingForMore() {
    Session session = session(settings(LAYERED, 2 * MS, 1_000_000_000), 100 * MS);
    long start = session.wire.nowNanos;
    session.offer(100);
    long[] when = new long[4];
    while (session.sender.coveredOffset(3) < 100) {
      session.step();
      for (int level = 0; level <= 3; level++) {
        if (when[level] == 0 && session.sender.coveredOffset(level) == 100) {
          when[level] = session.wire.nowNanos - start;
        }
      }
      session.advance(start + SECOND);
    }
    assertTrue(when[0] <= 50 * US && when[1] <= 50 * US && when[2] <= 50 * US, "narrow at once");
    assertTrue(when[3] >= 2 * MS && when[3] <= 3 * MS, "burst time, took " + when[3]);
    assertEquals(3, session.sender.statistics().repairPackets());
  }

  @Test
  void whatIsAcknowledgedNeedsNoRepairsAnyMore() {
    // The round trip is shorter than the burst time.
    Session session = session(settings(LAYERED, 5 * MS, 1_000_000_000), MS / 10);
    session.offer(100);
    session.runFor(100 * MS);
    assertEquals(100, session.sender.coveredOffset(3));
    assertEquals(2, session.sender.statistics().repairPackets(), "the widest layer's was spared");
  }

  @Test
  void idleCapacityClosesGroupsAndFullRateFillsThem() {
    LinkSettings settings = settings(LAYERED, MS, 100_000_000);
    Session busy = session(settings, 10 * MS);
    long end = busy.wire.nowNanos + SECOND;
    while (busy.wire.nowNanos < end) {
      busy.offer(busy.sender.writableBytes());
      busy.step();
      busy.advance(end);
    }
    LinkStatistics statistics = busy.sender.statistics();
    double perData = (double) statistics.repairPackets() / statistics.dataPackets();
    assertEquals(3.0 / 8, perData, 0.02, "full groups only");
    Session idle = session(settings, 10 * MS);
    for (int i = 0; i < 50; i++) {
      idle.offer(50);
      idle.runFor(20 * MS);
    }
    assertEquals(3 * 50, idle.sender.statistics().repairPackets(), "every packet in each layer");
  }

  /** Waits until writes of 400 bytes at random times are covered, in microseconds, sorted. */
  private static List<Long> coverWaits(double load, int level) {
    LinkSettings settings = new LinkSettings(LAYERED, MS, MS / 2, 100_000_000, 1000, 16 << 20);
    Session session = session(settings, 100 * MS);
    SplittableRandom random = new SplittableRandom(3);
    double meanGap = 400 * 8 / (load * 100_000_000) * 1e9;
    long end = session.wire.nowNanos + SECOND;
    long next = session.wire.nowNanos;
    List<long[]> waiting = new ArrayList<>();
    List<Long> waits = new ArrayList<>();
    while (session.wire.nowNanos < end) {
      while (next <= session.wire.nowNanos) {
        session.offer(400);
        waiting.add(new long[] {session.offered, session.wire.nowNanos});
        next += (long) (-Math.log(1 - random.nextDouble()) * meanGap);
      }
      session.step();
      while (!waiting.isEmpty() && waiting.getFirst()[0] <= session.sender.coveredOffset(level)) {
        waits.add((session.wire.nowNanos - waiting.removeFirst()[1]) / US);
      }
      session.advance(Math.min(end, next));
    }
    double used = session.wire.sending.sentBytes * 8 / 1e8;
    assertTrue(used < 1.01, "used " + used);
    waits.sort(null);
    return waits;
  }

  private static long share(List<Long> sorted, int percent) {
    return sorted.get(sorted.size() * percent / 100);
  }

  @Test
  void whenTheLinkIsMostlyIdleEveryWriteIsCoveredAtOnceAndAfterTheBurstTime() {
    for (double load : new double[] {0.02, 0.1}) {
      assertTrue(share(coverWaits(load, 2), 99) <= 100, "narrow layers at " + load);
      assertTrue(share(coverWaits(load, 3), 99) <= 1300, "all layers at " + load);
    }
  }

  @Test
  void whenTheLinkIsBusyCoverageWaitsNoLongerThanGroupsTakeToFill() {
    // The groups of stride 100 fill in 800 packets, about 90 ms here; those of stride 1 in 0.9 ms.
    for (double load : new double[] {0.3, 0.5, 0.65}) {
      assertTrue(share(coverWaits(load, 0), 99) <= 6_000, "sent at " + load);
      assertTrue(share(coverWaits(load, 1), 99) <= 7_000, "first layer at " + load);
      assertTrue(share(coverWaits(load, 3), 99) <= 90_000, "all layers at " + load);
    }
    assertTrue(share(coverWaits(0.3, 3), 50) <= 3_000, "idle capacity is used");
    assertTrue(share(coverWaits(0.5, 3), 50) <= 35_000, "idle capacity is used");
  }

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

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    CodeSettings none = new CodeSettings.None();
    for (Runnable bad :
        List.<Runnable>of(
            () -> new LinkSettings(none, -1, 0, 1_000_000, 1000, 1 << 20),
            () -> new LinkSettings(none, 0, -1, 1_000_000, 1000, 1 << 20),
            () -> new LinkSettings(none, 0, 0, 0, 1000, 1 << 20),
            () -> new LinkSettings(none, 0, 0, 1_000_000, 100, 1 << 20),
            () -> new LinkSettings(none, 0, 0, 1_000_000, 70_000, 1 << 20),
            () -> new LinkSettings(none, 0, 0, 1_000_000, 1000, 1000),
            () -> new LinkSettings(LAYERED, SECOND, 0, 10_000_000_000L, 1000, 1 << 20),
            () -> new LinkSettings(reedSolomon(200, 100), 0, 0, 1_000_000, 1000, 1 << 20),
            () -> new LinkSettings(reedSolomon(0, 3), 0, 0, 1_000_000, 1000, 1 << 20),
            () -> new LinkSettings(reedSolomon(8, 0), 0, 0, 1_000_000, 1000, 1 << 20),
            () -> new CodeSettings.Layered(8, List.of()),
            () -> new CodeSettings.Layered(8, List.of(10, 10)),
            () -> new CodeSettings.Layered(8, List.of(0, 10)))) {
      assertThrows(IllegalArgumentException.class, bad::run);
    }
  }

  private static CodeSettings reedSolomon(int data, int repair) {
    return new CodeSettings.ReedSolomon(data, repair);
  }
}
