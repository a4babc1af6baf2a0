package dev.farshore.link.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is on a wire comes out in the order of its arrivals, each packet to its last copy. */
class WireTest {

  @Test
  void comesOutInOrderOfArrivalAsTheModelSaid() {
    LinkConditions rough =
        LinkConditions.PERFECT
            .withDelay(10_000)
            .withLoss(new LossModel.Independent(0.1))
            .withReordering(new Reordering(0.3, 50_000))
            .withDuplicate(0.2);
    Wire<Integer> wire = new Wire<>(new LinkModel(rough, 3));
    LinkModel same = new LinkModel(rough, 3);
    List<Long> expected = new ArrayList<>();
    List<Long> seen = new ArrayList<>();
    Map<Integer, Integer> copies = new HashMap<>();
    Map<Integer, Integer> lastCopies = new HashMap<>();
    for (int i = 0; i < 10_000; i++) {
      long now = i * 1_000L;
      same.offer(100, now).forEach(arrival -> expected.add(arrival.atNanos()));
      wire.offer(i, 100, now);
      for (boolean more = true; more; ) {
        long at = wire.nextArrivalNanos();
        more =
            wire.deliver(
                now,
                (packet, damage, last) -> {
                  seen.add(at);
                  copies.merge(packet, 1, Integer::sum);
                  lastCopies.merge(packet, last ? 1 : 0, Integer::sum);
                });
      }
    }
    assertTrue(wire.inFlight() > 0);
    wire.sever(lost -> lastCopies.merge(lost, 1, Integer::sum));
    assertEquals(0, wire.inFlight());
    assertTrue(wire.isEmpty());
    assertEquals(Long.MAX_VALUE, wire.nextArrivalNanos());
    expected.sort(null);
    assertEquals(expected.subList(0, seen.size()), seen);
    assertTrue(copies.containsValue(2));
    lastCopies.forEach((packet, count) -> assertEquals(1, count, "packet " + packet));
    LinkCounters counters = wire.model().counters();
    assertEquals(counters.offeredPackets(), counters.passedPackets() + counters.droppedInAll());
    assertEquals(copies.size(), counters.passedPackets());
  }
}
