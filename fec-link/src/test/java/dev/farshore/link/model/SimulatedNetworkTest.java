package dev.farshore.link.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.port.DatagramPort;
import dev.farshore.link.port.DatagramPort.SendOutcome;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Datagrams between two hosts, with everything that may go wrong. */
class SimulatedNetworkTest extends TwoHosts {

  @Test
  void captureSeesWhatLeavesAndWhatArrivesUnharmed() {
    DatagramPort left = traced(primary, 9000);
    DatagramPort right = traced(mirror, 9000);
    List<String> seen = new ArrayList<>();
    network
        .path("primary", "mirror")
        .capture(
            new PathCapture() {
              @Override
              public void entered(byte[] datagram, long nowNanos) {
                seen.add(nowNanos + " entered " + datagram.length);
              }

              @Override
              public void arrived(byte[] datagram, long nowNanos) {
                seen.add(nowNanos + " arrived " + datagram.length);
              }
            });
    send(left, right.localAddress(), 100);
    network.poll(DELAY);
    network
        .path("primary", "mirror")
        .change(LinkConditions.PERFECT.withLoss(new LossModel.Independent(1)));
    send(left, right.localAddress(), 200);
    network.path("primary", "mirror").change(LinkConditions.PERFECT.withCorrupt(1));
    send(left, right.localAddress(), 300);
    send(right, left.localAddress(), 400);
    network.poll(3 * DELAY);
    assertEquals(
        List.of(
            "0 entered 100",
            DELAY + " arrived 100",
            DELAY + " entered 200",
            DELAY + " entered 300"),
        seen);
  }

  @Test
  void datagramTakesTheDelayOfItsDirection() {
    DatagramPort left = traced(primary, 9000);
    DatagramPort right = traced(mirror, 9000);
    network.path("mirror", "primary").change(LinkConditions.PERFECT.withDelay(5));
    send(left, right.localAddress(), 100);
    send(right, left.localAddress(), 200);
    assertEquals(5, network.nextDeadlineNanos());
    network.poll(DELAY - 1);
    assertEquals(List.of("5 primary 200"), trace);
    network.poll(DELAY);
    assertEquals(List.of("5 primary 200", DELAY + " mirror 100"), trace);
    assertEquals(Long.MAX_VALUE, network.nextDeadlineNanos());
  }

  @Test
  void closedEntranceLetsWhatIsInFlightArrive() {
    DatagramPort left = traced(primary, 9000);
    DatagramPort right = traced(mirror, 9000);
    send(left, right.localAddress(), 1);
    network.poll(MILLIS);
    network.path("primary", "mirror").closeEntrance();
    send(left, right.localAddress(), 2);
    primary.kill();
    network.poll(1_000 * MILLIS);
    assertEquals(List.of(DELAY + " mirror 1"), trace);
  }

  @Test
  void severedPathLosesWhatIsInFlight() {
    DatagramPort left = traced(primary, 9000);
    DatagramPort right = traced(mirror, 9000);
    send(left, right.localAddress(), 1);
    network.path("primary", "mirror").sever();
    send(left, right.localAddress(), 2);
    network.poll(1_000 * MILLIS);
    assertEquals(List.of(DELAY + " mirror 2"), trace);
    assertEquals(1, network.path("primary", "mirror").counters().dropped(DropReason.SEVERED));
  }

  @Test
  void whatWasNotFlushedDiesWithTheProcess() {
    DatagramPort left = traced(primary, 9000);
    DatagramPort right = traced(mirror, 9000);
    left.send(right.localAddress(), ByteBuffer.allocate(1));
    assertEquals(1, left.queuedBytes());
    primary.kill();
    network.poll(1_000 * MILLIS);
    assertEquals(List.of(), trace);
    assertEquals(SendOutcome.REFUSED, left.send(right.localAddress(), ByteBuffer.allocate(1)));
    send(traced(primary, 9000), right.localAddress(), 2);
    network.poll(2_000 * MILLIS);
    assertEquals(1, trace.size(), "the port number is free for the next life");
  }

  @Test
  void kernelSendsOnAfterAKillAndLosesItsQueueWithThePower() {
    DatagramPort right = traced(mirror, 9000);
    for (boolean power : new boolean[] {false, true}) {
      primary.kernel().change(new KernelConditions(8_000_000, 1 << 20, true, 0, 0));
      DatagramPort left = traced(primary, 9000);
      long start = network.nowNanos();
      for (int i = 0; i < 3; i++) {
        send(left, right.localAddress(), 972);
      }
      assertEquals(3 * 972, left.queuedBytes());
      network.poll(start + MILLIS);
      assertEquals(2 * 972, left.queuedBytes(), "1000 bytes on the wire take 1 ms");
      if (power) {
        primary.powerOff();
      } else {
        primary.kill();
      }
      network.poll(start + 1_000 * MILLIS);
      assertEquals(power ? 1 : 3, trace.size());
      trace.clear();
    }
    assertThrows(IllegalStateException.class, () -> primary.datagrams(0, 1_400));
    primary.powerOn();
    send(traced(primary, 9000), right.localAddress(), 7);
    network.poll(network.nowNanos() + 1_000 * MILLIS);
    assertEquals(1, trace.size());
  }

  @Test
  void fullSendBufferPushesBackAndSaysWhenThereIsRoom() {
    primary.kernel().change(new KernelConditions(8_000_000, 4_000, true, 0, 0));
    DatagramPort left = traced(primary, 9000);
    DatagramPort right = traced(mirror, 9000);
    List<Long> writable = new ArrayList<>();
    left.writableListener(() -> writable.add(network.nowNanos()));
    for (int i = 0; i < 4; i++) {
      send(left, right.localAddress(), 972);
    }
    assertEquals(
        SendOutcome.BACK_PRESSURE, left.send(right.localAddress(), ByteBuffer.allocate(972)));
    network.poll(1_000 * MILLIS);
    assertEquals(List.of(2 * MILLIS), writable, "once, when half of the buffer is free");
    assertEquals(4, trace.size());
  }

  @Test
  void refusalsAndBackPressureComeOnDemand() {
    DatagramPort left = traced(primary, 9000);
    InetSocketAddress to = traced(mirror, 9000).localAddress();
    ByteBuffer datagram = ByteBuffer.allocate(10);
    primary.kernel().refuseNext(1);
    assertEquals(SendOutcome.REFUSED, left.send(to, datagram));
    primary.kernel().refuseLaterNext(1);
    assertEquals(SendOutcome.SENT, left.send(to, datagram));
    left.flush();
    assertEquals(0, left.refusedLater());
    network.poll(0);
    assertEquals(1, left.refusedLater());
    List<Long> writable = new ArrayList<>();
    left.writableListener(() -> writable.add(network.nowNanos()));
    primary.kernel().blockUntil(3 * MILLIS);
    assertEquals(SendOutcome.BACK_PRESSURE, left.send(to, datagram));
    network.poll(4 * MILLIS);
    assertEquals(List.of(3 * MILLIS), writable);
    send(left, to, 11);
    network.poll(1_000 * MILLIS);
    assertEquals(1, trace.size(), "only the last one left the host");
    primary.kernel().change(new KernelConditions(0, 1 << 20, false, 0.5, 0));
    assertEquals(-1, left.queuedBytes());
    int refused = 0;
    for (int i = 0; i < 1_000; i++) {
      refused += left.send(to, datagram) == SendOutcome.REFUSED ? 1 : 0;
    }
    assertEquals(500, refused, 70);
  }

  @Test
  void unreachablePortIsReportedAfterARoundTripAndNotAcrossAPartition() {
    DatagramPort left = traced(primary, 9000);
    send(left, mirror.address(1234), 1);
    network.poll(2 * DELAY - 1);
    assertEquals(0, left.refusedLater());
    network.poll(2 * DELAY);
    assertEquals(1, left.refusedLater());
    network.path("mirror", "primary").partition();
    send(left, mirror.address(1234), 1);
    mirror.powerOff();
    network.poll(1_000 * MILLIS);
    assertEquals(1, left.refusedLater());
  }

  @Test
  void damageReachesTheHandlerAndOnlyIt() {
    network.path("primary", "mirror").change(LinkConditions.PERFECT.withCorrupt(1));
    DatagramPort left = traced(primary, 9000);
    DatagramPort right = mirror.datagrams(9000, 1_400);
    ByteBuffer sent = ByteBuffer.allocate(1_000);
    List<ByteBuffer> arrived = new ArrayList<>();
    right.handler(
        (from, datagram) ->
            arrived.add(ByteBuffer.allocate(datagram.remaining()).put(datagram).flip()));
    for (int i = 0; i < 200; i++) {
      left.send(right.localAddress(), sent);
    }
    left.flush();
    network.poll(0);
    assertEquals(200, arrived.size());
    arrived.forEach(datagram -> assertNotEquals(sent, datagram));
  }

  @Test
  void sameSeedSameTrace() {
    List<String> first = roughRun(11);
    assertEquals(first, roughRun(11));
    assertNotEquals(first, roughRun(12));
    assertTrue(first.size() > 500);
  }

  private static List<String> roughRun(long seed) {
    LinkConditions rough =
        LinkConditions.PERFECT
            .withDelay(DELAY)
            .withJitter(3 * MILLIS)
            .withLoss(new LossModel.PacketBursts(0.1, 3))
            .withReordering(new Reordering(0.05, MILLIS))
            .withDuplicate(0.05)
            .withCorrupt(0.05);
    SimulatedNetworkTest run = new SimulatedNetworkTest();
    run.use(seed, rough);
    DatagramPort left = run.traced(run.primary, 9000);
    DatagramPort right = run.traced(run.mirror, 9000);
    SplittableRandom random = new SplittableRandom(seed);
    run.mirror.control().listen(run.mirror.address(7000), port -> run.server.onConnected(port));
    run.primary.control().connect(run.mirror.address(7000), run.client);
    for (int i = 0; i < 1_000; i++) {
      run.network.poll(run.network.nowNanos() + random.nextLong(2 * MILLIS));
      left.send(right.localAddress(), ByteBuffer.allocate(random.nextInt(1_400)));
      left.flush();
      if (run.client.port != null && i % 10 == 0) {
        run.client.port.send(number(i));
      }
      if (i == 700) {
        run.mirror.kill();
      }
    }
    run.network.poll(run.network.nowNanos() + 3 * DEAD);
    return run.trace;
  }
}
