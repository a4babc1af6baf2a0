package dev.farshore.link.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Any loss pattern short of a dead link ends in the complete, ordered stream. */
class LinkLossTest {

  private static final long MS = 1_000_000;
  private static final long SECOND = 1000 * MS;
  private static final long DELAY = 10 * MS;
  private static final CodeSettings NONE = new CodeSettings.None();
  private static final CodeSettings LAYERED = new CodeSettings.Layered(8, List.of(1, 10, 100));
  private static final CodeSettings REED_SOLOMON = new CodeSettings.ReedSolomon(8, 3);
  private static final List<CodeSettings> CODES =
      List.of(NONE, LAYERED, REED_SOLOMON, new CodeSettings.Layered(2, List.of(1, 3)));

  private static LinkSettings settings(CodeSettings code) {
    return new LinkSettings(code, MS, MS, 100_000_000L, 400, 1 << 17);
  }

  private static Session session(CodeSettings code, Wire.Fate forward, Wire.Fate backward) {
    return new Session(settings(code), new Wire(-77 * SECOND, 400, forward, backward));
  }

  @Test
  void everyLossPatternOfTheFirstTwelveDatagramsIsRepaired() {
    for (CodeSettings code : CODES) {
      for (int pattern = 0; pattern < 1 << 12; pattern++) {
        int lost = pattern;
        Session session =
            session(
                code, Wire.losing(DELAY, i -> i < 12 && (lost >> i & 1) != 0), Wire.perfect(DELAY));
        // Eight packets; with the first ping and the repairs, all twelve are first transmissions.
        session.transfer(8 * 300, 5 * SECOND);
        assertEquals(2400, session.consumed, code + " pattern " + pattern);
      }
    }
  }

  @Test
  void everyLossPatternOfBothDirectionsIsRepaired() {
    for (CodeSettings code : CODES) {
      for (int pattern = 0; pattern < 1 << 12; pattern++) {
        int lost = pattern;
        Session session =
            session(
                code,
                Wire.losing(DELAY, i -> i < 6 && (lost >> i & 1) != 0),
                Wire.losing(DELAY, i -> i < 6 && (lost >> 6 + i & 1) != 0));
        session.transfer(3 * 300, 8 * SECOND);
      }
    }
  }

  @Test
  void heavyLossInBothDirectionsDelaysAndNothingElse() {
    for (CodeSettings code : CODES) {
      for (double loss : new double[] {0.05, 0.3, 0.6, 0.8}) {
        long seed = (long) (loss * 100);
        SplittableRandom random = new SplittableRandom(seed);
        Session session =
            session(
                code,
                Wire.losing(DELAY, i -> random.nextDouble() < loss),
                Wire.losing(DELAY, i -> random.nextDouble() < loss));
        session.transfer(300_000, 120 * SECOND);
      }
    }
  }

  /** Repair packets are lost too: a share of the data packets alone would be too large. */
  @Test
  void theMeasuredLossIsTheShareOfAllPacketsThatDidNotArrive() {
    for (CodeSettings code : CODES) {
      Session session = session(code, Wire.losing(DELAY, i -> i % 10 == 3), Wire.perfect(DELAY));
      session.transfer(1_000_000, 120 * SECOND);
      assertEquals(0.1, session.sender.statistics().loss(), 0.001, code.toString());
      assertEquals(0.1, session.receiver.statistics().loss(), 0.001, code.toString());
    }
  }

  @Test
  void longBurstsDelayAndNothingElse() {
    for (CodeSettings code : CODES) {
      // Dead for 300 of every 500 ms, in both directions.
      Wire.Fate dying =
          (index, datagram, at) ->
              Math.floorMod(at, 500 * MS) < 300 * MS
                  ? List.of()
                  : List.of(new Wire.Delivery(at + DELAY, datagram));
      Session session = session(code, dying, dying);
      session.transfer(3_000_000, 60 * SECOND);
      assertTrue(session.sender.statistics().resentPackets() > 0, code.toString());
    }
  }

  @Test
  void reorderingAndDuplicationChangeNothing() {
    for (CodeSettings code : CODES) {
      for (long seed = 1; seed <= 4; seed++) {
        SplittableRandom random = new SplittableRandom(seed);
        Wire.Fate unruly =
            (index, datagram, now) -> {
              List<Wire.Delivery> deliveries = new ArrayList<>();
              for (int copies = random.nextInt(3); copies >= 0; copies--) {
                deliveries.add(new Wire.Delivery(now + random.nextLong(20 * MS), datagram));
              }
              return random.nextInt(20) == 0 ? List.of() : deliveries;
            };
        Session session = session(code, unruly, unruly);
        session.transfer(500_000, 30 * SECOND);
        assertTrue(session.receiver.statistics().duplicatePackets() > 0);
      }
    }
  }

  @Test
  void mildReorderingIsNotTakenForLoss() {
    SplittableRandom random = new SplittableRandom(4);
    for (CodeSettings code : List.of(NONE, LAYERED, REED_SOLOMON)) {
      Wire.Fate jitter =
          (index, datagram, now) ->
              List.of(new Wire.Delivery(now + DELAY + random.nextLong(MS), datagram));
      Session session = session(code, jitter, Wire.perfect(DELAY));
      session.transfer(3_000_000, 30 * SECOND);
      assertEquals(0, session.sender.statistics().resentPackets(), code.toString());
    }
  }

  @Test
  void corruptionIsLossAndNothingElse() {
    for (CodeSettings code : CODES) {
      SplittableRandom random = new SplittableRandom(8);
      Wire.Fate corrupting =
          (index, datagram, now) -> {
            byte[] bytes = datagram.clone();
            if (random.nextInt(5) == 0) {
              bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            return List.of(new Wire.Delivery(now + DELAY, bytes));
          };
      Session session = session(code, corrupting, corrupting);
      session.transfer(500_000, 60 * SECOND);
      assertTrue(session.receiver.statistics().droppedPackets() > 0);
      assertTrue(session.sender.statistics().droppedPackets() > 0);
    }
  }

  @Test
  void garbageAndOtherSessionsAreCountedAndChangeNothing() {
    SplittableRandom random = new SplittableRandom(12);
    List<byte[]> captured = new ArrayList<>();
    Wire.Fate noisy =
        (index, datagram, now) -> {
          byte[] garbage = new byte[random.nextInt(500)];
          random.nextBytes(garbage);
          byte[] other = datagram.clone();
          other[4 + random.nextInt(8)] ^= (byte) (1 + random.nextInt(255));
          captured.add(datagram);
          return List.of(
              new Wire.Delivery(now + DELAY, garbage),
              new Wire.Delivery(now + DELAY, other),
              new Wire.Delivery(now + DELAY, captured.get(random.nextInt(captured.size()))),
              new Wire.Delivery(now + DELAY, datagram));
        };
    Session session = session(LAYERED, noisy, noisy);
    session.transfer(500_000, 30 * SECOND);
    assertTrue(session.receiver.statistics().droppedPackets() > 2000);
    assertEquals(0, session.sender.statistics().resentPackets());
  }

  @Test
  void nothingIsAnsweredBeforeTheFirstPacketOfTheSession() {
    Session session = session(LAYERED, Wire.losing(0, i -> true), Wire.perfect(0));
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 1000; i++) {
      byte[] garbage = new byte[random.nextInt(400)];
      random.nextBytes(garbage);
      session.receiver.onDatagram(java.nio.ByteBuffer.wrap(garbage), session.wire.nowNanos);
      session.receiver.poll(session.wire.nowNanos + i * MS);
    }
    assertEquals(0, session.wire.receiving.sentDatagrams);
  }

  @Test
  void reedSolomonGroupsRepairEveryRepairCountLossesWithoutResending() {
    // One full group, and all ways to lose three of its eleven packets; the ping is datagram 0.
    LinkSettings settings = new LinkSettings(REED_SOLOMON, 0, 20 * MS, 100_000_000L, 400, 1 << 17);
    int repaired = 0;
    for (int pattern = 0; pattern < 1 << 11; pattern++) {
      int lost = pattern;
      if (Integer.bitCount(pattern) > 3) {
        continue;
      }
      Session session =
          new Session(
              settings,
              new Wire(
                  5,
                  400,
                  Wire.losing(DELAY, i -> i >= 1 && i < 12 && (lost >> i - 1 & 1) != 0),
                  Wire.perfect(DELAY)));
      session.transfer(8L * settings.maxPayloadBytes(), SECOND);
      assertEquals(0, session.sender.statistics().resentPackets(), "pattern " + pattern);
      assertEquals(8, session.sender.statistics().dataPackets());
      assertEquals(
          Integer.bitCount(pattern & 0xff), session.receiver.statistics().repairedPackets());
      repaired++;
    }
    assertEquals(1 + 11 + 55 + 165, repaired);
  }

  @Test
  void reedSolomonGroupsAskForTheRestAtOneLossMore() {
    LinkSettings settings = new LinkSettings(REED_SOLOMON, 0, 20 * MS, 100_000_000L, 400, 1 << 17);
    for (int pattern = 0; pattern < 1 << 11; pattern++) {
      int lost = pattern;
      if (Integer.bitCount(pattern) != 4) {
        continue;
      }
      Session session =
          new Session(
              settings,
              new Wire(
                  5,
                  400,
                  Wire.losing(DELAY, i -> i >= 1 && i < 12 && (lost >> i - 1 & 1) != 0),
                  Wire.perfect(DELAY)));
      session.transfer(8L * settings.maxPayloadBytes(), SECOND);
      int lostData = Integer.bitCount(pattern & 0xff);
      LinkStatistics statistics = session.sender.statistics();
      // One more packet would do for the code; all that are missing are asked for at once.
      assertEquals(lostData, statistics.resentPackets(), "pattern " + pattern);
    }
  }

  @Test
  void aDeadLinkIsNotFloodedAndComesBack() {
    for (CodeSettings code : CODES) {
      boolean[] dead = {false};
      Wire.Fate fate =
          (index, datagram, now) ->
              dead[0] ? List.of() : List.of(new Wire.Delivery(now + DELAY, datagram));
      Session session = session(code, fate, fate);
      session.transfer(200_000, 10 * SECOND);
      dead[0] = true;
      session.offer(100_000);
      session.runFor(5 * SECOND);
      long before = session.wire.sending.sentDatagrams;
      long beforeBack = session.wire.receiving.sentDatagrams;
      session.offer(10_000);
      session.runFor(600 * SECOND);
      assertTrue(session.sender.isQuiet(session.wire.nowNanos));
      long pings = session.wire.sending.sentDatagrams - before;
      assertTrue(pings >= 500 && pings <= 700, code + " sent " + pings + " in 600 s");
      long answers = session.wire.receiving.sentDatagrams - beforeBack;
      assertTrue(answers <= 1300, code + " answered " + answers + " in 600 s");
      long sentOffset = session.sender.sentOffset();
      assertTrue(sentOffset < session.offered, "nothing more is sent into the dead link");
      dead[0] = false;
      long back = session.wire.nowNanos;
      session.transfer(100_000, 10 * SECOND);
      assertFalse(session.sender.isQuiet(session.wire.nowNanos));
      assertTrue(session.wire.nowNanos - back < 3 * SECOND, "back within a ping");
    }
  }

  @Test
  void aLinkThatIsDeadFromTheBeginningComesUp() {
    boolean[] dead = {true};
    Wire.Fate fate =
        (index, datagram, now) ->
            dead[0] ? List.of() : List.of(new Wire.Delivery(now + DELAY, datagram));
    Session session = session(LAYERED, fate, fate);
    session.offer(100_000);
    session.runFor(60 * SECOND);
    dead[0] = false;
    session.transfer(1000, 5 * SECOND);
  }

  @Test
  void aOneWayLinkIsNotTakenForAlive() {
    Session session = session(LAYERED, Wire.perfect(DELAY), Wire.losing(DELAY, i -> true));
    session.offer(100_000);
    session.runFor(10 * SECOND);
    assertEquals(100_000, session.consumed);
    assertEquals(0, session.sender.acknowledgedOffset());
    assertTrue(session.sender.isQuiet(session.wire.nowNanos));
    assertEquals(Long.MIN_VALUE, session.sender.lastAckNanos());
  }
}
