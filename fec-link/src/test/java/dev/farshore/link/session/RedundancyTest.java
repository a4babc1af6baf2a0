package dev.farshore.link.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.packet.Recipe;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which groups are closed, and when their repairs are due. */
class RedundancyTest {

  private static final long US = 1_000;
  private static final long MS = 1_000_000;
  private static final long FLUSH = MS / 2;

  private final SentPackets packets = new SentPackets(4096, 0);

  private Redundancy redundancy(long burstNanos) {
    LinkSettings settings =
        new LinkSettings(
            new CodeSettings.Layered(8, List.of(1, 10, 100)),
            burstNanos,
            FLUSH,
            1_000_000_000,
            1000,
            1 << 20);
    return new Redundancy(CodePlan.of(settings), packets, 100, FLUSH, 0);
  }

  private void add(Redundancy redundancy, long nowNanos) {
    long sequence = packets.next();
    packets.add(100, sequence, nowNanos);
    packets.onDeparted(nowNanos);
    redundancy.add(sequence, new byte[100], 0, 100, nowNanos);
  }

  /** Takes all repairs that are due; returns the largest layer among them, or -1. */
  private static int send(Redundancy redundancy, long nowNanos) {
    int layer = -1;
    while (redundancy.isDue(nowNanos)) {
      layer = Math.max(layer, redundancy.next().recipe().layer());
      redundancy.onHanded(0);
    }
    return layer;
  }

  @Test
  void aFullGroupIsDueAtOnceAndAnOpenOneIsNot() {
    Redundancy redundancy = redundancy(0);
    for (int i = 0; i < 7; i++) {
      add(redundancy, i);
    }
    assertFalse(redundancy.isDue(7));
    add(redundancy, 8);
    assertTrue(redundancy.isDue(8));
    assertEquals(8, redundancy.next().recipe().members());
    assertEquals(0, send(redundancy, 8));
  }

  @Test
  void anOpenGroupIsClosedByTheTimerOrByIdleCapacity() {
    Redundancy redundancy = redundancy(0);
    add(redundancy, 0);
    assertFalse(redundancy.closeOne(FLUSH - 1, false));
    assertEquals(FLUSH, redundancy.closeNanos(Deadline.NONE));
    assertEquals(10 * US, redundancy.closeNanos(10 * US));
    assertTrue(redundancy.closeOne(FLUSH, false));
    assertTrue(redundancy.closeOne(1, true));
    assertTrue(redundancy.closeOne(1, true));
    assertFalse(redundancy.closeOne(1, true), "each of three layers had one");
    assertEquals(2, send(redundancy, FLUSH));
  }

  @Test
  void aGroupThatMustBeApartStaysOpenForMoreMembersUntilItsRepairMayLeave() {
    Redundancy redundancy = redundancy(MS);
    long apart = MS + MS / 8;
    add(redundancy, 0);
    assertTrue(redundancy.closeOne(1, true));
    assertTrue(redundancy.closeOne(1, true));
    assertFalse(redundancy.closeOne(1, true));
    assertEquals(apart, redundancy.closeNanos(1));
    assertFalse(redundancy.closeOne(apart - 1, true));
    assertTrue(redundancy.closeOne(apart, true));
    assertEquals(2, send(redundancy, apart));
  }

  /**
   * One group may be closed for each packet that is sent, and each packet opens one in the first
   * layer: the wide layers get their turn all the same.
   */
  @Test
  void noLayerStarvesWhereThereIsNotCapacityForAll() {
    Redundancy redundancy = redundancy(0);
    long[] covered = new long[3];
    for (long step = 0; step < 5000; step++) {
      packets.acknowledge(Math.max(0, step - 2000));
      add(redundancy, step);
      redundancy.closeOne(step, true);
      while (redundancy.isDue(step)) {
        Recipe recipe = redundancy.next().recipe();
        for (int i = 0; i < recipe.members(); i++) {
          long waited = step - recipe.member(i);
          covered[recipe.layer()]++;
          assertTrue(waited <= 250, "layer " + recipe.layer() + " let a packet wait for " + waited);
        }
        redundancy.onHanded(0);
      }
    }
    for (long count : covered) {
      assertTrue(count >= 5000 - 250, "covered " + count);
    }
  }

  @Test
  void repairsOfWhatHasArrivedAreNotSent() {
    Redundancy redundancy = redundancy(0);
    for (int i = 0; i < 8; i++) {
      add(redundancy, i);
    }
    packets.acknowledge(8);
    assertFalse(redundancy.isDue(9));
  }

  @Test
  void aHeldRepairWaitsUntilItsLastMemberHasReallyLeft() {
    Redundancy redundancy = redundancy(MS);
    long apart = MS + MS / 8;
    packets.add(100, 0, 0);
    redundancy.add(0, new byte[100], 0, 100, 0);
    redundancy.closeOne(apart, true);
    redundancy.closeOne(apart, true);
    assertTrue(redundancy.closeOne(apart, true));
    assertEquals(1, send(redundancy, apart), "the widest waits: its member is still in the kernel");
    packets.onDeparted(5 * MS);
    assertEquals(-1, send(redundancy, 5 * MS + apart - 1));
    assertEquals(2, send(redundancy, 5 * MS + apart));
  }
}
