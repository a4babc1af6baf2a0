package dev.farshore.link.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.port.ControlNetwork;
import dev.farshore.link.port.ControlPort;
import dev.farshore.link.port.ControlSettings;
import dev.farshore.link.port.DatagramPort;
import dev.farshore.link.port.DatagramPort.SendOutcome;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two hosts with a path between them, in virtual time, with everything that may go wrong. */
class SimulatedNetworkTest {

  private static final long MILLIS = 1_000_000;
  private static final long DELAY = 25 * MILLIS;
  private static final long DEAD = 9_000 * MILLIS;

  private SimulatedNetwork network;
  private SimulatedHost primary;
  private SimulatedHost mirror;
  private final List<String> trace = new ArrayList<>();

  private void use(long seed, LinkConditions conditions) {
    network =
        new SimulatedNetwork(seed, conditions, new ControlSettings(DEAD, 5_000 * MILLIS, 2 << 20));
    primary = network.host("primary");
    mirror = network.host("mirror");
  }

  @BeforeEach
  void usePerfectPath() {
    use(7, LinkConditions.PERFECT.withDelay(DELAY));
  }

  private DatagramPort traced(SimulatedHost host, int port) {
    DatagramPort opened = host.datagrams(port, 1_400);
    opened.handler(
        (from, datagram) ->
            trace.add(network.nowNanos() + " " + host.name() + " " + datagram.remaining()));
    return opened;
  }

  private static void send(DatagramPort from, InetSocketAddress to, int bytes) {
    assertEquals(SendOutcome.SENT, from.send(to, ByteBuffer.allocate(bytes)));
    from.flush();
  }

  private final class Traced implements ControlPort.Handler, ControlNetwork.ConnectHandler {
    private final String name;
    private ControlPort port;

    Traced(String name) {
      this.name = name;
    }

    @Override
    public void onConnected(ControlPort connected) {
      port = connected;
      port.handler(this);
      trace.add(network.nowNanos() + " " + name + " connected");
    }

    @Override
    public void onFailed(String reason) {
      trace.add(network.nowNanos() + " " + name + " failed: " + reason);
    }

    @Override
    public void onMessage(ByteBuffer message) {
      trace.add(network.nowNanos() + " " + name + " got " + message.getInt());
    }

    @Override
    public void onClosed(String reason) {
      trace.add(network.nowNanos() + " " + name + " closed: " + reason);
    }
  }

  private final Traced client = new Traced("primary");
  private Traced server = new Traced("mirror");

  private void connect() {
    mirror.control().listen(mirror.address(7000), port -> server.onConnected(port));
    primary.control().connect(mirror.address(7000), client);
    network.poll(network.nowNanos() + 3 * DELAY);
    assertEquals(
        List.of(DELAY + " mirror connected", 2 * DELAY + " primary connected"),
        trace,
        "connected after one round trip");
    trace.clear();
  }

  private static ByteBuffer number(int value) {
    return ByteBuffer.allocate(4).putInt(0, value);
  }

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
