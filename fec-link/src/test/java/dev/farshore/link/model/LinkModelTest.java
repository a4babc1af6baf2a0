package dev.farshore.link.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The physics of one direction: rate, queue, order, faults on demand, entrance, determinism. */
class LinkModelTest {

  private static final long MICROS = 1_000;
  private static final long MILLIS = 1_000_000;
  private static final int PAYLOAD = 1_222;
  private static final int WIRE = PAYLOAD + Bottleneck.UDP_HEADER_BYTES;

  private static LinkConditions limited(long bitsPerSecond, QueueLimit queue) {
    return LinkConditions.PERFECT.withBottleneck(
        new Bottleneck.DropTail(bitsPerSecond, queue, Bottleneck.UDP_HEADER_BYTES));
  }

  @Test
  void perfectPathDeliversAtOnceAndUnharmed() {
    LinkModel link = new LinkModel(LinkConditions.PERFECT, 1);
    assertEquals(List.of(new Arrival(5, Damage.NONE)), link.offer(PAYLOAD, 5));
  }

  @Test
  void arrivalIsSerialisationPlusDelay() {
    LinkModel link =
        new LinkModel(
            limited(1_000_000_000, new QueueLimit.Time(MILLIS)).withDelay(25 * MILLIS), 1);
    assertEquals(25 * MILLIS + 10_000, link.offer(PAYLOAD, 0).getFirst().atNanos());
    assertEquals(25 * MILLIS + 20_000, link.offer(PAYLOAD, 0).getFirst().atNanos());
    assertEquals(25 * MILLIS + MILLIS + 10_000, link.offer(PAYLOAD, MILLIS).getFirst().atNanos());
  }

  @Test
  void rateIsKeptExactlyEvenWhereAPacketTakesNoWholeNanoseconds() {
    for (long rate : new long[] {3, 7_777_777, 333_333_333, 1_000_000_000, 40_000_000_007L}) {
      LinkModel link = new LinkModel(limited(rate, new QueueLimit.Time(Long.MAX_VALUE)), 1);
      long last = 0;
      for (int i = 0; i < 10_000; i++) {
        last = link.offer(PAYLOAD, 0).getFirst().atNanos();
      }
      double expected = 10_000.0 * WIRE * 8 * 1e9 / rate;
      assertEquals(expected, last, 1 + expected * 1e-12, "at " + rate + " bit/s");
    }
  }

  @Test
  void overloadedBottleneckPassesItsRateAndDropsTheRest() {
    long rate = 100_000_000;
    LinkModel link = new LinkModel(limited(rate, new QueueLimit.Time(10 * MILLIS)), 1);
    long end = 2_000 * MILLIS;
    long lastArrival = 0;
    for (long now = 0; now < end; now += 33 * MICROS) {
      for (Arrival arrival : link.offer(PAYLOAD, now)) {
        assertTrue(arrival.atNanos() - now <= 10 * MILLIS + 100 * MICROS, "waits at most its time");
        lastArrival = arrival.atNanos();
      }
    }
    double passed = link.counters().passedPackets() * (double) WIRE * 8 / (lastArrival * 1e-9);
    assertEquals(rate, passed, rate * 0.01);
    assertTrue(link.counters().dropped(DropReason.QUEUE_FULL) > 0);
  }

  @Test
  void byteQueueHoldsExactlyItsBytes() {
    LinkModel link = new LinkModel(limited(8_000_000, new QueueLimit.Bytes(3L * WIRE)), 1);
    int taken = 0;
    for (int i = 0; i < 10; i++) {
      taken += link.offer(PAYLOAD, 0).size();
    }
    assertEquals(3, taken);
    assertEquals(7, link.counters().dropped(DropReason.QUEUE_FULL));
    assertEquals(1, link.offer(PAYLOAD, WIRE * MICROS).size(), "one has left, one has room");
    assertEquals(0, link.offer(PAYLOAD, WIRE * MICROS).size());
  }

  @Test
  void emptyQueueStillLetsAnIdleBottleneckTakeOnePacket() {
    LinkModel link = new LinkModel(limited(8_000_000, new QueueLimit.Bytes(0)), 1);
    assertEquals(1, link.offer(PAYLOAD, 0).size());
    assertEquals(0, link.offer(PAYLOAD, WIRE * MICROS - 1).size());
    assertEquals(1, link.offer(PAYLOAD, WIRE * MICROS).size());
  }

  @Test
  void closedEntranceLetsNothingInAndEverythingOut() {
    LinkModel link = new LinkModel(LinkConditions.PERFECT.withDelay(25 * MILLIS), 1);
    List<Arrival> inFlight = link.offer(PAYLOAD, 0);
    link.closeEntrance();
    assertEquals(List.of(), link.offer(PAYLOAD, 1));
    assertEquals(25 * MILLIS, inFlight.getFirst().atNanos());
    link.openEntrance();
    assertEquals(1, link.offer(PAYLOAD, 2).size());
    assertEquals(1, link.counters().dropped(DropReason.ENTRANCE_CLOSED));
  }

  @Test
  void partitionIsFromItsFirstToBeforeItsLastNanosecond() {
    LinkModel link = new LinkModel(LinkConditions.PERFECT, 1);
    link.partition(10, 20);
    link.partition(15, 30);
    link.partition(40, Long.MAX_VALUE);
    List<Long> passed = new ArrayList<>();
    for (long now : new long[] {9, 10, 19, 20, 29, 30, 39, 40, 1_000_000}) {
      link.offer(PAYLOAD, now).forEach(arrival -> passed.add(arrival.atNanos()));
    }
    assertEquals(List.of(9L, 30L, 39L), passed);
    link.heal();
    assertEquals(1, link.offer(PAYLOAD, 1_000_001).size());
    assertEquals(6, link.counters().dropped(DropReason.PARTITION));
  }

  @Test
  void jitterStaysInItsRangeAndReordersNothing() {
    LinkModel link =
        new LinkModel(LinkConditions.PERFECT.withDelay(MILLIS).withJitter(5 * MILLIS), 7);
    long last = 0;
    long least = Long.MAX_VALUE;
    long most = 0;
    for (long now = 0; now < 4_000 * MILLIS; now += 11 * MICROS) {
      long at = link.offer(PAYLOAD, now).getFirst().atNanos();
      assertTrue(at >= last, "order is kept at " + now);
      last = at;
      least = Math.min(least, at - now);
      most = Math.max(most, at - now);
    }
    assertTrue(least >= MILLIS && least < 1.2 * MILLIS, "least " + least);
    assertTrue(most <= 6 * MILLIS && most > 5.8 * MILLIS, "most " + most);
  }

  @Test
  void heldBackPacketsAreOvertakenButNeverByMoreThanTheirHold() {
    LinkModel link =
        new LinkModel(LinkConditions.PERFECT.withReordering(new Reordering(0.1, MILLIS)), 7);
    int overtaken = 0;
    long latest = 0;
    for (long now = 0; now < 100_000 * 10 * MICROS; now += 10 * MICROS) {
      long at = link.offer(PAYLOAD, now).getFirst().atNanos();
      assertTrue(at - now <= MILLIS);
      overtaken += at < latest ? 1 : 0;
      latest = Math.max(latest, at);
    }
    assertEquals(10_000, link.counters().heldBackPackets(), 300);
    assertTrue(overtaken > 10_000, "packets that arrive after a later one: " + overtaken);
  }

  @Test
  void duplicatesArriveTwice() {
    LinkModel link = new LinkModel(LinkConditions.PERFECT.withDuplicate(0.2), 7);
    int twice = 0;
    for (int now = 0; now < 100_000; now++) {
      twice += link.offer(PAYLOAD, now).size() - 1;
    }
    assertEquals(20_000, twice, 400);
    assertEquals(twice, link.counters().duplicatedPackets());
  }

  @Test
  void everyDamageChangesThePayload() {
    LinkModel link = new LinkModel(LinkConditions.PERFECT.withCorrupt(1), 7);
    SplittableRandom random = new SplittableRandom(3);
    int[] kinds = new int[3];
    for (int now = 0; now < 10_000; now++) {
      byte[] sent = new byte[3 + random.nextInt(1 + now % 1_400)];
      random.nextBytes(sent);
      Damage damage = link.offer(sent.length, now).getFirst().damage();
      ByteBuffer arrived = ByteBuffer.wrap(sent.clone());
      damage.applyTo(arrived);
      assertNotEquals(ByteBuffer.wrap(sent), arrived, damage.toString());
      switch (damage) {
        case Damage.None none -> throw new AssertionError("not damaged");
        case Damage.FlippedBit flipped -> kinds[0]++;
        case Damage.Garbled garbled -> kinds[1]++;
        case Damage.Truncated truncated -> kinds[2]++;
      }
    }
    assertTrue(kinds[0] > kinds[1] && kinds[1] > kinds[2] && kinds[2] > 0);
    assertTrue(link.offer(0, 20_000).getFirst().damage().isNone(), "nothing to damage");
  }

  @Test
  void asManyArrivalsAreDamagedAsSaidAndCopiesForThemselves() {
    for (long seed = 0; seed < 5; seed++) {
      LinkModel link =
          new LinkModel(LinkConditions.PERFECT.withCorrupt(0.03).withDuplicate(0.5), seed);
      int arrivals = 0;
      int damaged = 0;
      int onlyOne = 0;
      for (int now = 0; now < 100_000; now++) {
        List<Arrival> arrived = link.offer(PAYLOAD, now);
        long bad = arrived.stream().filter(arrival -> !arrival.damage().isNone()).count();
        arrivals += arrived.size();
        damaged += (int) bad;
        onlyOne += arrived.size() == 2 && bad == 1 ? 1 : 0;
      }
      assertEquals(0.03 * arrivals, damaged, 4 * Math.sqrt(0.03 * 0.97 * arrivals), "seed " + seed);
      double one = 0.5 * 2 * 0.03 * 0.97 * 100_000;
      assertEquals(one, onlyOne, 4 * Math.sqrt(one), "seed " + seed);
    }
  }

  @Test
  void theHoldOfAnOvertakenPacketIsUniform() {
    for (long seed = 0; seed < 5; seed++) {
      LinkModel link =
          new LinkModel(LinkConditions.PERFECT.withReordering(new Reordering(1, MILLIS)), seed);
      double sum = 0;
      int firstHalf = 0;
      int packets = 50_000;
      for (long i = 0; i < packets; i++) {
        long hold = link.offer(PAYLOAD, i * MILLIS).getFirst().atNanos() - i * MILLIS;
        assertTrue(hold >= 1 && hold <= MILLIS, "held for " + hold);
        sum += hold;
        firstHalf += hold <= MILLIS / 2 ? 1 : 0;
      }
      double deviation = MILLIS / Math.sqrt(12.0 * packets);
      assertEquals(MILLIS / 2.0, sum / packets, 4 * deviation, "seed " + seed);
      assertEquals(packets / 2.0, firstHalf, 4 * Math.sqrt(packets / 4.0), "seed " + seed);
    }
  }

  @Test
  void sameSeedSameFate() {
    LinkConditions rough =
        limited(100_000_000, new QueueLimit.Time(5 * MILLIS))
            .withDelay(10 * MILLIS)
            .withJitter(MILLIS)
            .withLoss(new LossModel.PacketBursts(0.02, 3))
            .withReordering(new Reordering(0.01, MILLIS))
            .withDuplicate(0.01)
            .withCorrupt(0.01);
    assertEquals(fate(rough, 42), fate(rough, 42));
    assertNotEquals(fate(rough, 42), fate(rough, 43));
  }

  @Test
  void otherFaultsLeaveWhatIsLostAsItWas() {
    LinkConditions plain =
        LinkConditions.PERFECT.withLoss(new LossModel.Independent(0.05)).withDelay(MILLIS);
    LinkConditions rough =
        plain
            .withJitter(MILLIS)
            .withReordering(new Reordering(0.3, MILLIS))
            .withDuplicate(0.3)
            .withCorrupt(0.3);
    List<Boolean> lostPlain = fate(plain, 9).stream().map(List::isEmpty).toList();
    List<Boolean> lostRough = fate(rough, 9).stream().map(List::isEmpty).toList();
    assertEquals(lostPlain, lostRough);
  }

  private static List<List<Arrival>> fate(LinkConditions conditions, long seed) {
    LinkModel link = new LinkModel(conditions, seed);
    List<List<Arrival>> fate = new ArrayList<>();
    for (long now = 0; now < 3_000 * 90 * MICROS; now += 90 * MICROS) {
      fate.add(link.offer(PAYLOAD, now));
    }
    return fate;
  }

  @Test
  void everyPacketIsEitherPassedOrDroppedForOneReason() {
    LinkModel link =
        new LinkModel(
            limited(50_000_000, new QueueLimit.Time(2 * MILLIS))
                .withLoss(new LossModel.Independent(0.1)),
            5);
    link.partition(100 * MILLIS, 150 * MILLIS);
    for (long now = 0; now < 300 * MILLIS; now += 50 * MICROS) {
      if (now == 200 * MILLIS) {
        link.closeEntrance();
      }
      if (link.offer(PAYLOAD, now).size() == 1 && now % 100 == 0) {
        link.severed(PAYLOAD);
      }
    }
    LinkCounters counters = link.counters();
    assertEquals(6_000, counters.offeredPackets());
    assertEquals(counters.offeredPackets(), counters.passedPackets() + counters.droppedInAll());
    long droppedBytes = counters.droppedBytes().stream().mapToLong(Long::longValue).sum();
    assertEquals(counters.offeredBytes(), counters.passedBytes() + droppedBytes);
    for (DropReason reason : DropReason.values()) {
      assertTrue(counters.dropped(reason) > 0, reason + " was reached");
    }
  }

  @Test
  void changeConcernsOnlyWhatIsOfferedAfterIt() {
    LinkModel link = new LinkModel(LinkConditions.PERFECT.withDelay(MILLIS), 1);
    assertEquals(MILLIS, link.offer(PAYLOAD, 0).getFirst().atNanos());
    link.change(link.conditions().withLoss(new LossModel.Independent(1)));
    assertTrue(link.offer(PAYLOAD, 1).isEmpty());
    link.change(link.conditions().withLoss(LossModel.NONE).withDelay(5));
    assertEquals(7, link.offer(PAYLOAD, 2).getFirst().atNanos());
  }

  @Test
  void timeThatGoesBackIsRefused() {
    LinkModel link = new LinkModel(LinkConditions.PERFECT, 1);
    link.offer(PAYLOAD, 10);
    assertThrows(IllegalArgumentException.class, () -> link.offer(PAYLOAD, 9));
  }

  @Test
  void clockMayStartAnywhere() {
    for (long start : new long[] {Long.MIN_VALUE / 2, -1, 0, Long.MAX_VALUE / 2}) {
      LinkModel link =
          new LinkModel(
              limited(1_000_000_000, new QueueLimit.Time(MILLIS))
                  .withJitter(10)
                  .withLoss(new LossModel.Outages(0.5, 1_000)),
              1);
      for (int i = 0; i < 100; i++) {
        link.offer(PAYLOAD, start + i * MILLIS);
      }
      assertEquals(50, link.counters().passedPackets(), 25);
      assertFalse(link.isPartitioned(start + 100 * MILLIS));
    }
  }
}
