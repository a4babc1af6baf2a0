package dev.farshore.emulab.testbed.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.testbed.link.RepairWatch.Repaired;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.session.CodeSettings;
import dev.farshore.link.session.LinkSettings;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Two data packets and their exclusive or, again and again, on a full wire: what follows each loss
 * can be said in advance.
 */
class RepairWatchTest {
  private static final long DELAY_NANOS = 5_000_000;
  private static final long GAP_NANOS = 40_000_000;
  private static final int BURSTS = 30;

  /** A datagram of 1400 bytes with 28 of headers takes 11,424 ns at 1 Gbit/s. */
  private static final long DATAGRAM_NANOS = 11_424;

  /** Steps of the virtual time. */
  private static final long STEP_NANOS = 1_000;

  private static List<Repaired> after(int burst) {
    LinkSettings settings =
        new LinkSettings(
            new CodeSettings.Layered(2, List.of(1)), 0, 500_000, 1_000_000_000, 1400, 16 << 20);
    LinkPair pair =
        new LinkPair(
            settings, LinkConditions.PERFECT.withDelay(DELAY_NANOS), Writer.fullRate(4096), 1);
    RepairWatch watch = new RepairWatch(pair, settings.datagramBytes(), DELAY_NANOS);
    for (int i = 0; i < BURSTS; i++) {
      // Not a multiple of the time of a group.
      pair.run(pair.nowNanos() + GAP_NANOS + i * DATAGRAM_NANOS);
      awaitDeparture(pair);
      // Between two datagrams, so that as many are lost as the outage is long.
      long start = pair.nowNanos() + DATAGRAM_NANOS / 2;
      pair.forward().partition(start, start + burst * DATAGRAM_NANOS);
    }
    pair.run(pair.nowNanos() + 2 * GAP_NANOS);
    assertEquals(0, watch.missing(pair.nowNanos()));
    return watch.repaired();
  }

  private static void awaitDeparture(LinkPair pair) {
    long before = pair.sender().statistics().wireBytes();
    while (pair.sender().statistics().wireBytes() == before) {
      pair.run(pair.nowNanos() + STEP_NANOS);
    }
  }

  @Test
  void aLossIsRepairedWhenItsGroupIsThere() {
    List<Repaired> repaired = after(1);
    assertTrue(repaired.size() > BURSTS / 3 && repaired.size() <= BURSTS, "" + repaired);
    for (Repaired one : repaired) {
      assertEquals(0, one.layer(), "" + one);
      // The other packet of the group and the repair follow the first; the repair the second.
      long datagrams = one.sequence() % 2 == 0 ? 2 : 1;
      assertEquals(datagrams * DATAGRAM_NANOS, one.delayNanos(), 2 * STEP_NANOS, "" + one);
    }
  }

  @Test
  void whatTheCodeCannotRepairIsSentAgainAfterARoundTrip() {
    List<Repaired> repaired = after(3);
    TreeMap<Long, List<Repaired>> byBurst =
        repaired.stream()
            .collect(
                Collectors.groupingBy(
                    one -> one.lostNanos() / (GAP_NANOS / 2), TreeMap::new, Collectors.toList()));
    assertEquals(BURSTS, byBurst.size());
    for (List<Repaired> burst : byBurst.values()) {
      // Of three datagrams in a row one is a repair, and two are data, one or both past its help.
      assertEquals(2, burst.size(), "" + burst);
      assertTrue(burst.stream().anyMatch(one -> one.layer() == RepairWatch.RESENT), "" + burst);
      for (Repaired one : burst) {
        // A group that lost two is solved when the first of them was sent again.
        boolean resent = one.layer() == RepairWatch.RESENT || one.delayNanos() > DELAY_NANOS;
        if (resent) {
          assertTrue(one.delayNanos() > 2 * DELAY_NANOS, "" + one);
        } else {
          assertEquals(2 * DATAGRAM_NANOS, one.delayNanos(), 2 * STEP_NANOS, "" + one);
        }
      }
    }
  }
}
