package dev.farshore.appliance.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.appliance.nbd.Credits.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CreditsTest {

  private static final long MIB = 1 << 20;
  private final Credits.Pools pools =
      Credits.Pools.of(new CreditLimits(64 * MIB, 8 * MIB, 48 * MIB, 2 * MIB, 32 << 10));
  private final List<String> called = new ArrayList<>();

  private Credits connection(String name) {
    return new Credits(pools, () -> called.add(name));
  }

  @Test
  void givesSmallRequestsFromTheGuaranteedBytes() {
    Credits credits = connection("a");
    assertEquals(Source.GUARANTEED, credits.take(32 << 10));
    assertEquals(Source.SHARED, credits.take(1));
    assertEquals(1, pools.taken());
    credits.give(Source.GUARANTEED, 32 << 10);
    credits.give(Source.SHARED, 1);
    assertEquals(0, credits.held());
    assertEquals(0, pools.taken());
  }

  @Test
  void refusesMoreThanAConnectionMayHoldWithoutALine() {
    Credits credits = connection("a");
    assertEquals(Source.SHARED, credits.take(32 * MIB));
    assertEquals(Source.NONE, credits.take(17 * MIB));
    assertFalse(credits.waiting());
    assertFalse(pools.contended());
  }

  @Test
  void servesTheLineInItsOrder() {
    Credits holder = connection("holder");
    Credits second = connection("second");
    Credits third = connection("third");
    holder.take(40 * MIB);
    assertEquals(Source.NONE, second.take(30 * MIB));
    assertEquals(Source.NONE, third.take(10 * MIB), "nobody passes the one in front");
    assertTrue(pools.contended());
    holder.give(Source.SHARED, 40 * MIB);
    assertEquals(List.of("second", "third"), called);
    assertEquals(Source.SHARED, second.take(30 * MIB));
    assertEquals(Source.SHARED, third.take(10 * MIB));
    assertEquals(40 * MIB, pools.taken());
  }

  @Test
  void keepsAPoolForModerateRequestsWhenTheSharedOneIsGone() {
    Credits hog = connection("hog");
    Credits accomplice = connection("accomplice");
    hog.take(40 * MIB);
    accomplice.take(24 * MIB);
    Credits victim = connection("victim");
    assertEquals(Source.MODERATE, victim.take(MIB));
    assertEquals(Source.MODERATE, victim.take(MIB));
    assertEquals(Source.NONE, victim.take(MIB), "its share of the moderate pool is used up");
    victim.give(Source.MODERATE, MIB);
    assertEquals(Source.NONE, victim.take(MIB), "in line for the shared pool now");
    accomplice.give(Source.SHARED, 24 * MIB);
    assertEquals(Source.SHARED, victim.take(MIB));
  }

  @Test
  void leavesTheLineWhenItCloses() {
    Credits holder = connection("holder");
    Credits second = connection("second");
    Credits third = connection("third");
    holder.take(40 * MIB);
    second.take(30 * MIB);
    third.take(10 * MIB);
    second.close();
    assertEquals(List.of("third"), called);
    third.close();
    assertEquals(40 * MIB, pools.taken(), "what was granted and not redeemed is back");
  }

  @Test
  void leavesTheLineWhenItAsksForSomethingElse() {
    Credits holder = connection("holder");
    Credits second = connection("second");
    holder.take(40 * MIB);
    assertEquals(Source.NONE, second.take(30 * MIB));
    assertEquals(Source.GUARANTEED, second.take(512));
    assertFalse(pools.contended());
  }

  @Test
  void noticesCreditThatComesBackTwice() {
    Credits credits = connection("a");
    credits.take(MIB);
    credits.give(Source.SHARED, MIB);
    assertThrows(IllegalStateException.class, () -> credits.give(Source.SHARED, 1));
  }

  @Test
  void neverHandsOutMoreThanThereIsAndServesEverybodyInTheEnd() {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      List<Credits> connections = new ArrayList<>();
      List<List<long[]>> held = new ArrayList<>();
      long[] wanted = new long[12];
      for (int i = 0; i < wanted.length; i++) {
        connections.add(connection("c"));
        held.add(new ArrayList<>());
      }
      for (int step = 0; step < 2000; step++) {
        int who = random.nextInt(wanted.length);
        boolean give = random.nextBoolean();
        if (give && !held.get(who).isEmpty()) {
          long[] back = held.get(who).removeLast();
          connections.get(who).give(Source.values()[(int) back[0]], back[1]);
        } else {
          take(connections.get(who), held.get(who), wanted, who, random);
        }
        assertTrue(pools.taken() <= 72 * MIB, "seed " + seed);
      }
      settle(connections, held, wanted, seed);
    }
  }

  private static void take(
      Credits credits, List<long[]> held, long[] wanted, int who, Random random) {
    if (wanted[who] == 0) {
      wanted[who] = 1 + (long) Math.pow(32 * MIB, random.nextDouble());
    }
    Source source = credits.take(wanted[who]);
    if (source != Source.NONE) {
      held.add(new long[] {source.ordinal(), wanted[who]});
      wanted[who] = 0;
    }
  }

  private void settle(
      List<Credits> connections, List<List<long[]>> held, long[] wanted, long seed) {
    for (int round = 0; round < 100; round++) {
      for (int i = 0; i < wanted.length; i++) {
        for (long[] back : held.get(i)) {
          connections.get(i).give(Source.values()[(int) back[0]], back[1]);
        }
        held.get(i).clear();
        if (wanted[i] != 0) {
          take(connections.get(i), held.get(i), wanted, i, new Random(0));
        }
      }
    }
    for (long left : wanted) {
      assertEquals(0, left, "somebody starves, seed " + seed);
    }
    assertEquals(0, pools.taken(), "seed " + seed);
    assertFalse(pools.contended(), "seed " + seed);
  }
}
