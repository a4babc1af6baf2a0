package dev.farshore.link.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.packet.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Pacing, packets and coverage. */
class LinkSenderTest extends SenderBench {

  /** Polled whenever it wants to be, and in between it is late by up to {@code lateNanos}. */
  private static double useOf(long rate, long lateNanos, SplittableRandom random) {
    LinkSettings settings = new LinkSettings(LAYERED, MS, MS, rate, 1000, 64 << 20);
    Session session = session(settings, 10 * MS);
    Spans spans = new Spans(rate);
    long start = session.wire.nowNanos;
    long end = start + Math.min(SECOND, 20_000L * 8 * 1000 * SECOND / rate);
    while (session.wire.nowNanos < end) {
      session.offer(session.sender.writableBytes());
      session.step();
      spans.sent(session.wire.nowNanos, 8.0 * session.wire.sending.sentBytes);
      session.advance(end);
      if (lateNanos > 0 && random.nextInt(20) == 0) {
        session.wire.nowNanos = Math.min(end, session.wire.nowNanos + random.nextLong(lateNanos));
      }
    }
    return 8.0 * session.wire.sending.sentBytes / (rate * (end - start) / 1e9);
  }

  /** Both bounds on what may pass, in every span between two polls. */
  private static final class Spans {
    private static final double DATAGRAMS = 3 * 8 * 1028;
    private final long rate;
    private double leastSustained = Double.MAX_VALUE;
    private double leastPeak = Double.MAX_VALUE;
    private double before;

    Spans(long rate) {
      this.rate = rate;
    }

    void sent(long nowNanos, double bits) {
      double even = rate * (nowNanos / 1e9);
      leastSustained = Math.min(leastSustained, before - even);
      leastPeak = Math.min(leastPeak, before - 2 * even);
      before = bits;
      assertTrue(bits - even - leastSustained <= rate * 0.016 + DATAGRAMS, "faster than " + rate);
      assertTrue(bits - 2 * even - leastPeak <= rate * 0.004 + DATAGRAMS, "a clump at " + rate);
    }
  }

  @Test
  void neverExceedsTheRateAndUsesIt() {
    SplittableRandom random = new SplittableRandom(9);
    for (long rate : new long[] {1_000_000, 50_000_000, 1_000_000_000, 10_000_000_000L}) {
      double used = useOf(rate, 0, random);
      assertTrue(used > 0.97, "used " + used + " of " + rate);
    }
  }

  @Test
  void aSenderThatIsLateCatchesUp() {
    SplittableRandom random = new SplittableRandom(11);
    for (long rate : new long[] {1_000_000, 50_000_000, 1_000_000_000}) {
      double used = useOf(rate, 4 * MS, random);
      assertTrue(used > 0.95, "used " + used + " of " + rate);
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
    assertTrue(used > 0.98 && used < 1.04, "used " + used);
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
    assertTrue(used < 1.02, "used " + used + ", and 16 ms more are allowed");
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

  /** The places in which coverage is kept are used again after a window of packets. */
  @Test
  void theRepairsOfOldPacketsDoNotCoverThoseThatComeInTheirPlace() {
    LinkSettings settings = new LinkSettings(LAYERED, 5 * MS, MS / 2, 1_000_000_000, 1000, 1 << 14);
    Session session = session(settings, 100 * MS);
    for (int i = 0; i < 2500; i++) {
      session.offer(1);
      session.runFor(MS);
      long old = Math.max(0, session.offered - 5);
      assertTrue(session.sender.coveredOffset(3) <= old, "younger than the burst time at " + i);
    }
  }
}
