package dev.farshore.link.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.packet.ArrivalCounts;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What the receiver says of the wire: how many datagrams came, how many did not, the longest gap.
 */
class ArrivalMeterTest {

  private static final long MS = 1_000_000;
  private static final long SETTLE = 100 * MS;

  private final ArrivalMeter meter = new ArrivalMeter();

  @Test
  void countsWhatCameAndWhatDidNot() {
    assertEquals(-1, meter.largest());
    assertEquals(new ArrivalCounts(0, 0, 0, 0, 0), meter.counts(0));
    for (long n : new long[] {0, 1, 2, 5, 6, 9}) {
      assertTrue(meter.arrive(n, 0));
    }
    assertEquals(9, meter.largest());
    ArrivalCounts counts = meter.counts(7);
    assertEquals(6, counts.arrived());
    assertEquals(4, counts.lost());
    assertEquals(7, counts.repaired());
  }

  @Test
  void aNumberCountsOnce() {
    assertTrue(meter.arrive(3, 0));
    assertFalse(meter.arrive(3, 0));
    assertTrue(meter.arrive(1, 0));
    assertFalse(meter.arrive(1, 0));
    assertEquals(2, meter.counts(0).arrived());
    assertEquals(2, meter.counts(0).lost());
  }

  @Test
  void whatIsTooOldToTellDoesNotCount() {
    assertTrue(meter.arrive(1 << 16, 0));
    assertFalse(meter.arrive(0, 0));
    assertTrue(meter.arrive(1, 0));
    assertEquals(2, meter.counts(0).arrived());
    assertTrue(meter.arrive(3 << 16, 0), "nothing is left of those whose place it takes");
    assertTrue(meter.arrive((3 << 16) - (1 << 16) + 1, 0));
    assertEquals((3L << 16) + 1 - 4, meter.counts(0).lost());
  }

  @Test
  void aGapIsABurstOnceWhatIsLateHadTimeToCome() {
    meter.arrive(0, 0);
    meter.arrive(5, MS);
    meter.arrive(6, SETTLE);
    meter.arrive(7, SETTLE + 1);
    assertEquals(0, meter.counts(0).longestBurst(), "1 to 4 may still come");
    meter.arrive(2, SETTLE + 2);
    meter.arrive(8, 2 * SETTLE);
    assertEquals(2, meter.counts(0).longestBurst(), "3 and 4; 2 came late");
  }

  @Test
  void aBurstGoesOnBeyondWhereTheCountRested() {
    meter.arrive(0, 0);
    meter.arrive(3, SETTLE);
    meter.arrive(4, 2 * SETTLE);
    meter.arrive(10, 3 * SETTLE);
    meter.arrive(11, 4 * SETTLE);
    meter.arrive(12, 5 * SETTLE);
    assertEquals(5, meter.counts(0).longestBurst());
  }

  @Test
  void tellsTheMeanOfBurstsThatAreOver() {
    for (long n : new long[] {0, 2, 3, 7, 8}) {
      meter.arrive(n, 0);
    }
    assertEquals(0, meter.counts(0).meanBurst256(), "what is late may still come");
    meter.arrive(10, SETTLE);
    meter.arrive(11, 2 * SETTLE);
    assertEquals(2 * 256, meter.counts(0).meanBurst256(), "1 alone, and 4 to 6; 9 may still come");
    meter.arrive(12, 3 * SETTLE);
    assertEquals(Math.round(256 * 5 / 3.0), meter.counts(0).meanBurst256());
  }

  @Test
  void aLeapIsOneBurst() {
    meter.arrive(0, 0);
    meter.arrive(10_000_000, 0);
    meter.arrive(10_000_001, SETTLE);
    meter.arrive(10_000_002, 2 * SETTLE);
    assertEquals(9_999_999, meter.counts(0).longestBurst());
    assertEquals(9_999_999, meter.counts(0).lost());
  }

  @Test
  void agreesWithACountOfEverything() {
    for (long seed = 0; seed < 40; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      ArrivalMeter each = new ArrivalMeter();
      TreeSet<Long> came = new TreeSet<>();
      long now = 0;
      long next = 0;
      for (int i = 0; i < 2000; i++) {
        next += random.nextInt(10) == 0 ? 1 + random.nextInt(200) : 1;
        long number = random.nextInt(8) == 0 ? Math.max(0, next - random.nextInt(500)) : next;
        now += random.nextInt(MS_TO_NEXT);
        assertEquals(came.add(number), each.arrive(number, now), "seed " + seed);
      }
      // Everything settles.
      for (int i = 0; i < 3; i++) {
        now += SETTLE;
        came.add(++next);
        each.arrive(next, now);
      }
      assertEquals(came.size(), each.counts(0).arrived(), "seed " + seed);
      assertEquals(next + 1 - came.size(), each.counts(0).lost(), "seed " + seed);
      assertTrue(
          each.counts(0).longestBurst() >= longestGap(came),
          "seed " + seed + ": what came late fills gaps that may have been counted already");
    }
  }

  private static final int MS_TO_NEXT = 1_000_000;

  private static long longestGap(TreeSet<Long> came) {
    long longest = 0;
    long before = -1;
    for (long number : came) {
      longest = Math.max(longest, number - before - 1);
      before = number;
    }
    return longest;
  }
}
