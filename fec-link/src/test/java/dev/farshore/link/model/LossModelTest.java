package dev.farshore.link.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The statistics of what is lost, within four standard deviations. */
class LossModelTest {

  private static final int PACKETS = 1_000_000;
  private static final long SPACING_NANOS = 11_000;

  private static LinkCounters run(LossModel loss, long seed) {
    LinkModel link = new LinkModel(LinkConditions.PERFECT.withLoss(loss), seed);
    for (int i = 0; i < PACKETS; i++) {
      link.offer(1_400, i * SPACING_NANOS);
    }
    return link.counters();
  }

  private static double share(LinkCounters counters) {
    return counters.dropped(DropReason.LOSS) / (double) counters.offeredPackets();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.001, 0.01, 0.2, 0.5, 1})
  void independentLossHasItsShareAndNoMemory(double p) {
    LinkCounters counters = run(new LossModel.Independent(p), 17);
    assertEquals(p, share(counters), 4 * Math.sqrt(p * (1 - p) / PACKETS));
    if (p > 0 && p < 1) {
      double mean = counters.dropped(DropReason.LOSS) / (double) counters.lossRuns();
      double deviation = Math.sqrt(p) / (1 - p);
      assertEquals(1 / (1 - p), mean, 4 * deviation / Math.sqrt(counters.lossRuns()));
    }
  }

  @ParameterizedTest
  @CsvSource({"0.01, 1", "0.01, 5", "0.001, 20", "0.05, 100", "0.5, 1", "0.3, 2.5"})
  void burstsHaveTheirShareAndTheirMeanLength(double share, double meanPackets) {
    LinkCounters counters = run(new LossModel.PacketBursts(share, meanPackets), 23);
    // A run and the gap after it are independent of each other and of other pairs.
    double runs = PACKETS * share / meanPackets;
    double deviation = share * (1 - share) * Math.sqrt(2 / runs) * 1.1;
    assertEquals(share, share(counters), 4 * deviation);
    double mean = counters.dropped(DropReason.LOSS) / (double) counters.lossRuns();
    double runDeviation = Math.sqrt(meanPackets * (meanPackets - 1));
    assertEquals(meanPackets, mean, 4 * runDeviation / Math.sqrt(runs) + 1e-3);
  }

  @ParameterizedTest
  @CsvSource({"0.01, 20, 0, 0.5", "0.02, 50, 0.001, 0.6", "0.1, 5, 0.02, 0.9", "0.01, 8, 0, 1"})
  void bothStatesLoseTheirShare(double share, double meanPackets, double good, double bad) {
    LossModel.TwoStates model = LossModel.TwoStates.losing(share, meanPackets, good, bad);
    LinkCounters counters = run(model, 31);
    double badRuns = PACKETS * model.badShare() / meanPackets;
    double perRun = meanPackets * (bad - good) * Math.sqrt(2);
    double deviation = Math.sqrt(badRuns * perRun * perRun + PACKETS * share) / PACKETS;
    assertEquals(share, share(counters), 4 * deviation);
    // Of two neighbours in the bad state both are lost with the square of its loss.
    double stay = 1 - 1 / meanPackets;
    double pairs = model.badShare() * stay * bad * bad;
    if (good == 0) {
      double runs = (share - pairs) * PACKETS;
      assertEquals(runs, counters.lossRuns(), 4 * runs * Math.sqrt(2 / badRuns) * 1.1);
    }
  }

  @Test
  void twoStatesThatCannotLoseSoMuchAreRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> LossModel.TwoStates.losing(0.6, 20, 0.01, 0.5));
    assertThrows(
        IllegalArgumentException.class, () -> LossModel.TwoStates.losing(0.001, 20, 0.01, 0.5));
    assertThrows(IllegalArgumentException.class, () -> LossModel.TwoStates.losing(0.45, 2, 0, 0.5));
    assertThrows(IllegalArgumentException.class, () -> new LossModel.TwoStates(0.1, 20, -1, 1));
  }

  @Test
  void outagesLastTheirTimeAtAnyPacketRate() {
    long length = 1_000_000;
    for (long spacing : new long[] {1_000, 11_000, 250_000}) {
      LinkModel link =
          new LinkModel(
              LinkConditions.PERFECT.withLoss(new LossModel.Outages(0.01, length, length)), 5);
      for (long i = 0; i < PACKETS; i++) {
        link.offer(1_400, i * spacing);
      }
      LinkCounters counters = link.counters();
      double outages = PACKETS * (double) spacing * 0.01 / length;
      assertEquals(0.01, share(counters), 4 * 0.01 / Math.sqrt(outages));
      assertTrue(
          counters.longestLossRun() <= length / spacing + 1,
          () -> "longest run " + counters.longestLossRun() + " at " + spacing + " ns apart");
    }
  }

  @Test
  void outagesKeepTheirLengthTheirNumberAndTheirLeastDistance() {
    long length = 1_000_000;
    long gap = 8 * length;
    for (long seed = 0; seed < 5; seed++) {
      LinkModel link =
          new LinkModel(
              LinkConditions.PERFECT.withLoss(new LossModel.Outages(0.02, length, gap)), seed);
      long spacing = 20_000;
      long lastLost = Long.MIN_VALUE / 2;
      int outages = 0;
      for (long now = 0; now < PACKETS * spacing; now += spacing) {
        if (link.offer(1_400, now).isEmpty()) {
          boolean begins = now - lastLost > spacing;
          assertTrue(!begins || outages == 0 || now - lastLost > gap - spacing, "seed " + seed);
          outages += begins ? 1 : 0;
          lastLost = now;
        }
      }
      double expected = PACKETS * (double) spacing * 0.02 / length;
      assertEquals(expected, outages, 4 * Math.sqrt(expected), "seed " + seed);
      double mean = link.counters().dropped(DropReason.LOSS) / (double) outages;
      assertEquals((double) length / spacing, mean, 1, "seed " + seed);
    }
  }

  @Test
  void outagesWithoutAMinimumGapMayMeet() {
    LinkCounters counters = run(new LossModel.Outages(0.5, 1_000_000), 5);
    assertTrue(counters.longestLossRun() > 1_000_000 / SPACING_NANOS + 1);
    assertEquals(0.5, share(counters), 0.03);
  }

  @Test
  void outagesGoOnAfterALongSilence() {
    LinkModel link =
        new LinkModel(LinkConditions.PERFECT.withLoss(new LossModel.Outages(0.5, 1_000)), 5);
    long year = 365L * 24 * 3600 * 1_000_000_000;
    for (int i = 0; i < 100; i++) {
      link.offer(1_400, i * (year / 100));
    }
    assertEquals(50, link.counters().passedPackets(), 25);
  }

  @Test
  void lossMayChangeAndComeBack() {
    LinkModel link = new LinkModel(LinkConditions.PERFECT, 5);
    long now = 0;
    for (double p : new double[] {0.2, 0, 0.05}) {
      link.change(link.conditions().withLoss(new LossModel.Independent(p)));
      long before = link.counters().dropped(DropReason.LOSS);
      for (int i = 0; i < 100_000; i++) {
        link.offer(1_400, now++);
      }
      assertEquals(p * 100_000, link.counters().dropped(DropReason.LOSS) - before, 600);
    }
  }

  @Test
  void impossibleModelsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new LossModel.Independent(1.1));
    assertThrows(IllegalArgumentException.class, () -> new LossModel.Independent(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> new LossModel.PacketBursts(0.1, 0.5));
    assertThrows(IllegalArgumentException.class, () -> new LossModel.PacketBursts(0.9, 5));
    assertThrows(IllegalArgumentException.class, () -> new LossModel.Outages(0.1, 0));
    assertThrows(IllegalArgumentException.class, () -> new LossModel.Outages(0.5, 10, 11));
    assertThrows(IllegalArgumentException.class, () -> new LossModel.Outages(1, 10));
  }
}
