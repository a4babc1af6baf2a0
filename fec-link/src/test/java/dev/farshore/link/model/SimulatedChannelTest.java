package dev.farshore.link.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Control channels over a path that fails in every way. */
class SimulatedChannelTest extends TwoHosts {

  @Test
  void controlMessagesTakeTheDelayAndNeverOvertake() {
    connect();
    long start = network.nowNanos();
    client.port.send(number(1));
    client.port.send(number(2));
    network.poll(start + MILLIS);
    network.path("primary", "mirror").change(LinkConditions.PERFECT.withDelay(MILLIS));
    client.port.send(number(3));
    network.poll(start + 1_000 * MILLIS);
    long at = start + DELAY;
    assertEquals(List.of(at + " mirror got 1", at + " mirror got 2", at + " mirror got 3"), trace);
  }

  @Test
  void controlSurvivesAPartitionShorterThanItsPatience() {
    connect();
    network.partition("primary", "mirror");
    client.port.send(number(1));
    server.port.send(number(2));
    long healed = network.nowNanos() + DEAD * 3 / 5;
    network.poll(healed);
    assertEquals(List.of(), trace);
    network.heal("primary", "mirror");
    network.poll(healed + 3_000 * MILLIS);
    assertEquals(2, trace.size());
    assertTrue(client.port.isOpen() && server.port.isOpen());
  }

  @Test
  void bothEndsNoticeALongPartitionAndCanConnectAgain() {
    connect();
    long start = network.nowNanos();
    network.partition("primary", "mirror");
    network.poll(start + DEAD + DEAD / 2);
    assertEquals(2, trace.size());
    trace.forEach(line -> assertTrue(line.endsWith("closed: timed out"), line));
    trace.forEach(
        line -> assertTrue(Long.parseLong(line.split(" ")[0]) <= start + DEAD + DELAY, line));
    network.heal("primary", "mirror");
    server = new Traced("mirror");
    primary.control().connect(mirror.address(7000), client);
    network.poll(network.nowNanos() + 3 * DELAY);
    assertEquals(4, trace.size());
  }

  @Test
  void oneWayPartitionBreaksTheChannelForBoth() {
    connect();
    network.path("primary", "mirror").partition();
    network.poll(network.nowNanos() + 2 * DEAD);
    assertEquals(2, trace.size());
  }

  @Test
  void idleChannelStaysOpen() {
    connect();
    network.poll(network.nowNanos() + 100 * DEAD);
    assertEquals(List.of(), trace);
    client.port.send(number(1));
    network.poll(network.nowNanos() + DELAY);
    assertEquals(1, trace.size());
  }

  @Test
  void killedProcessResetsItsChannelsAndIsSilentItself() {
    connect();
    long start = network.nowNanos();
    client.port.send(number(5));
    mirror.kill();
    network.poll(start + DEAD);
    assertEquals(List.of(start + DELAY + " primary closed: connection reset"), trace);
    primary.control().connect(mirror.address(7000), new Traced("again"));
    network.poll(network.nowNanos() + DEAD);
    assertTrue(trace.get(1).endsWith("again failed: connection refused"), trace.toString());
    mirror.control().listen(mirror.address(7000), new Traced("reborn")::onConnected);
    primary.control().connect(mirror.address(7000), client);
    network.poll(network.nowNanos() + DEAD);
    assertEquals(4, trace.size(), trace.toString());
  }

  @Test
  void lostPowerIsNoticedByPatienceOnly() {
    connect();
    long start = network.nowNanos();
    mirror.powerOff();
    primary.control().connect(mirror.address(7000), new Traced("again"));
    network.poll(start + 3 * DEAD);
    assertEquals(2, trace.size(), trace.toString());
    assertEquals(start + 5_000 * MILLIS + " again failed: timed out", trace.getFirst());
    assertTrue(trace.get(1).endsWith("primary closed: timed out"));
  }

  @Test
  void processKilledBehindAPartitionIsNoticedAfterIt() {
    connect();
    network.partition("primary", "mirror");
    mirror.kill();
    network.poll(network.nowNanos() + DEAD / 2);
    assertEquals(List.of(), trace);
    network.heal("primary", "mirror");
    network.poll(network.nowNanos() + DEAD / 2 - MILLIS);
    assertEquals(1, trace.size());
    assertTrue(trace.getFirst().endsWith("primary closed: connection reset"));
  }

  @Test
  void controlIsReliableOverABadPath() {
    connect();
    for (long seed = 1; seed <= 20; seed++) {
      LinkConditions bad =
          LinkConditions.PERFECT
              .withDelay(DELAY)
              .withLoss(new LossModel.Independent(0.2))
              .withReordering(new Reordering(0.2, 30 * MILLIS))
              .withDuplicate(0.2)
              .withCorrupt(0.1);
      network.path("primary", "mirror").change(bad);
      network.path("mirror", "primary").change(bad);
      for (int i = 0; i < 100; i++) {
        client.port.send(number(i));
        network.poll(network.nowNanos() + MILLIS);
      }
      network.poll(network.nowNanos() + DEAD * 9 / 10);
      assertEquals(100, trace.size(), "round " + seed);
      for (int i = 0; i < 100; i++) {
        assertTrue(trace.get(i).endsWith("got " + i), trace.get(i));
      }
      trace.clear();
    }
  }
}
