package dev.farshore.emulab.tun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.machine.Needs;
import dev.farshore.emulab.tun.selftest.UdpProbe;
import dev.farshore.emulab.wan.Direction;
import dev.farshore.link.model.DropReason;
import dev.farshore.link.model.LinkCounters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real packets of this kernel, between two namespaces. */
@Timeout(60)
class TunWanTest {

  private static final long MILLIS = 1_000_000;

  private final String prefix = "tunwan-" + ProcessHandle.current().pid();
  private final Namespace near = new Namespace(prefix + "-near");
  private final Namespace far = new Namespace(prefix + "-far");

  @BeforeEach
  void needsNamespaces() {
    Needs.namespaces();
  }

  @AfterEach
  void leavesNothingBehind() {
    assertFalse(near.exists() || far.exists(), "namespaces are left");
  }

  private TunSettings settings(String... keysAndValues) {
    Map<String, String> conditions = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      conditions.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return TunSettings.between(near, far, conditions, 42);
  }

  private static UdpProbe.Trace forward(
      TunWan wan, TunSettings ends, int count, double packetsPerSecond) throws IOException {
    return UdpProbe.run(
        ends.near(),
        ends.far(),
        200,
        count,
        packetsPerSecond,
        empty(wan, Direction.FORWARD, count));
  }

  private static UdpProbe.Trace backward(
      TunWan wan, TunSettings ends, int count, double packetsPerSecond) throws IOException {
    return UdpProbe.run(
        ends.far(),
        ends.near(),
        200,
        count,
        packetsPerSecond,
        empty(wan, Direction.BACKWARD, count));
  }

  /** Waits until so many more packets have entered and none is on the way. */
  private static UdpProbe.Drain empty(TunWan wan, Direction direction, int more) {
    long entered = counters(wan, direction).offeredPackets() + more;
    return () -> {
      while (counters(wan, direction).offeredPackets() < entered
          || wan.report().of(direction).packets().inFlight() > 0) {
        LockSupport.parkNanos(MILLIS);
      }
    };
  }

  private static LinkCounters counters(TunWan wan, Direction direction) {
    return wan.report().of(direction).packets().datagrams();
  }

  @Test
  void packetsTakeTheDelayOfTheirDirectionAndNoneIsEarly() throws IOException {
    TunSettings ends = settings("delay", "20ms");
    try (TunWan wan = TunWan.start(ends)) {
      wan.obey("set backward delay=3ms");
      UdpProbe.Trace there = forward(wan, ends, 100, 1_000);
      UdpProbe.Trace back = backward(wan, ends, 100, 1_000);
      assertEquals(100, there.received());
      assertEquals(100, back.received());
      assertTrue(there.delayAt(0) >= 20 * MILLIS, "earliest " + there.delayAt(0));
      assertTrue(back.delayAt(0) >= 3 * MILLIS, "earliest " + back.delayAt(0));
      assertTrue(back.delayAt(0) < 20 * MILLIS, "the other direction's delay");
      assertTrue(wan.isValid(), wan.report(false));
    }
  }

  @Test
  void whatTheModelPassesArrivesAndNothingElse() throws IOException {
    TunSettings ends = settings("delay", "1ms", "loss", "10%", "burst", "3", "duplicate", "10%");
    try (TunWan wan = TunWan.start(ends)) {
      UdpProbe.Trace trace = forward(wan, ends, 2_000, 20_000);
      LinkCounters counted = counters(wan, Direction.FORWARD);
      assertTrue(counted.dropped(DropReason.LOSS) > 100, counted.toString());
      assertTrue(counted.duplicatedPackets() > 100, counted.toString());
      assertEquals(counted.passedPackets(), trace.received());
      assertEquals(counted.passedPackets() + counted.duplicatedPackets(), trace.arrivals().length);
      assertEquals(2_000, counted.offeredPackets());
      assertTrue(wan.isValid(), wan.report(false));
    }
  }

  @Test
  void ipv6PassesToo() throws IOException {
    TunSettings ends =
        new TunSettings(
            new TunSettings.End(near, "fd99::1"),
            new TunSettings.End(far, "fd99::2"),
            "wan6",
            1_280,
            Map.of("delay", "1ms"),
            1);
    try (TunWan wan = TunWan.start(ends)) {
      assertEquals(50, forward(wan, ends, 50, 10_000).received());
      assertEquals(50, backward(wan, ends, 50, 10_000).received());
      assertTrue(wan.isValid(), wan.report(false));
    }
  }

  @Test
  void sameSeedLosesTheSamePackets() throws IOException {
    boolean[][] lost = new boolean[2][];
    for (int run = 0; run < 2; run++) {
      TunSettings ends = settings("delay", "1ms", "loss", "20%");
      try (TunWan wan = TunWan.start(ends)) {
        long[] delays = forward(wan, ends, 500, 20_000).delays();
        lost[run] = new boolean[delays.length];
        for (int i = 0; i < delays.length; i++) {
          lost[run][i] = delays[i] < 0;
        }
      }
    }
    assertArrayEquals(lost[0], lost[1]);
  }

  @Test
  void damagedPacketsDoNotPassTheKernelsChecksums() throws IOException {
    TunSettings ends = settings("delay", "1ms", "corrupt", "50%");
    try (TunWan wan = TunWan.start(ends)) {
      UdpProbe.Trace trace = forward(wan, ends, 1_000, 20_000);
      long damaged = counters(wan, Direction.FORWARD).corruptedArrivals();
      assertTrue(damaged > 400, "damaged " + damaged);
      assertEquals(1_000 - damaged, trace.received(), 5, "what is damaged is thrown away");
      assertTrue(wan.isValid(), wan.report(false));
    }
  }

  @Test
  void ordersTakeEffectWhileItRuns() throws IOException {
    TunSettings ends = settings("delay", "1ms");
    try (TunWan wan = TunWan.start(ends)) {
      assertEquals(100, forward(wan, ends, 100, 10_000).received());
      wan.obey("set forward loss=100%");
      assertEquals(0, forward(wan, ends, 100, 10_000).received());
      assertEquals(100, backward(wan, ends, 100, 10_000).received());
      wan.obey("set loss=0");
      wan.obey("close-entrance forward");
      assertEquals(0, forward(wan, ends, 100, 10_000).received());
      wan.obey("open-entrance");
      wan.obey("outage backward 0+1h");
      assertEquals(100, forward(wan, ends, 100, 10_000).received());
      assertEquals(0, backward(wan, ends, 100, 10_000).received());
      wan.obey("heal");
      assertEquals(100, backward(wan, ends, 100, 10_000).received());
      assertEquals(100, counters(wan, Direction.FORWARD).dropped(DropReason.ENTRANCE_CLOSED));
      assertEquals(100, counters(wan, Direction.BACKWARD).dropped(DropReason.PARTITION));
      assertTrue(wan.isValid(), wan.report(false));
      assertThrows(IllegalArgumentException.class, () -> wan.obey("set rate=fast"));
      for (int i = 0; i < 1_024; i++) {
        wan.obey("outage forward 1h+1h");
      }
      assertThrows(IllegalArgumentException.class, () -> wan.obey("outage forward 1h+1h"));
    }
  }

  @Test
  void whatIsInFlightWhenTheEntranceClosesArrives() throws IOException {
    TunSettings ends = settings("delay", "100ms");
    try (TunWan wan = TunWan.start(ends)) {
      whenEntered(wan, 20, "close-entrance");
      assertEquals(20, forward(wan, ends, 20, 1e9).received());
      assertEquals(0, counters(wan, Direction.FORWARD).dropped(DropReason.ENTRANCE_CLOSED));
    }
  }

  /** The sender's host is rid of it when it waits in the device. */
  @Test
  void whatHasLeftItsHostEntersBeforeTheEntranceCloses() throws IOException {
    TunSettings ends = settings("delay", "1ms");
    int packets = 20_000;
    try (TunWan wan = TunWan.start(ends);
        DatagramChannel sender = ends.near().namespace().in(DatagramChannel::open)) {
      InetSocketAddress to = new InetSocketAddress(ends.far().address(), 9);
      ByteBuffer packet = ByteBuffer.allocate(100);
      for (int i = 0; i < packets; i++) {
        assertEquals(packet.capacity(), sender.send(packet.clear(), to));
      }
      wan.obey("close-entrance forward");
      LinkCounters forward = counters(wan, Direction.FORWARD);
      assertEquals(0, forward.dropped(DropReason.ENTRANCE_CLOSED));
      assertEquals(packets, forward.offeredPackets());
    }
  }

  /** Gives an order as soon as so many packets have entered. */
  private static Thread whenEntered(TunWan wan, int packets, String order) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              while (counters(wan, Direction.FORWARD).passedPackets() < packets) {
                Thread.onSpinWait();
              }
              wan.obey(order);
            });
  }

  @Test
  void whatIsInFlightWhenTheLinkIsSeveredIsLost() throws Exception {
    TunSettings ends = settings("delay", "1s");
    try (TunWan wan = TunWan.start(ends)) {
      Thread cutting = whenEntered(wan, 20, "sever forward");
      assertEquals(0, forward(wan, ends, 20, 1e9).received());
      cutting.join();
      assertEquals(20, counters(wan, Direction.FORWARD).dropped(DropReason.SEVERED));
      wan.obey("open-entrance");
      wan.obey("set delay=5ms");
      assertEquals(20, forward(wan, ends, 20, 1e6).received());
      assertTrue(wan.isValid(), wan.report(false));
    }
  }

  @Test
  void tcpMendsWhatTheLinkBreaks() throws Exception {
    TunSettings ends =
        settings("delay", "1ms", "loss", "1%", "reorder", "1%", "duplicate", "1%", "corrupt", "1%");
    byte[] sent = new byte[1 << 20];
    new SplittableRandom(1).nextBytes(sent);
    try (TunWan wan = TunWan.start(ends);
        ServerSocketChannel listener =
            far.in(() -> ServerSocketChannel.open(StandardProtocolFamily.INET));
        SocketChannel client = near.in(() -> SocketChannel.open(StandardProtocolFamily.INET))) {
      listener.bind(new InetSocketAddress(ends.far().address(), 0));
      FutureTask<byte[]> received =
          new FutureTask<>(
              () -> {
                try (SocketChannel server = listener.accept()) {
                  return Channels.newInputStream(server).readAllBytes();
                }
              });
      Thread.ofPlatform().daemon().start(received);
      client.connect(listener.getLocalAddress());
      ByteBuffer bytes = ByteBuffer.wrap(sent);
      while (bytes.hasRemaining()) {
        client.write(bytes);
      }
      client.shutdownOutput();
      assertTrue(Arrays.equals(sent, received.get()), "bytes are not what was sent");
      assertTrue(counters(wan, Direction.FORWARD).dropped(DropReason.LOSS) > 0);
      assertTrue(wan.isValid(), wan.report(false));
    }
  }

  @Test
  void namespacesThatWereThereStay() throws IOException {
    near.create();
    try {
      TunSettings ends = settings();
      try (TunWan wan = TunWan.start(ends)) {
        assertTrue(far.exists());
        UncheckedIOException taken =
            assertThrows(UncheckedIOException.class, () -> TunWan.start(ends));
        assertTrue(taken.getMessage().contains("has a device wan0 already"), taken.getMessage());
        assertTrue(far.exists(), "who came second takes nothing away");
        assertTrue(wan.report().isValid());
      }
      assertTrue(near.exists());
      assertFalse(far.exists());
      try (TunWan wan = TunWan.start(ends)) {
        assertTrue(wan.isValid(), "the device's name is free again");
      }
    } finally {
      near.remove();
    }
  }

  @Test
  void lossOfADeviceEndsTheLinkInWordsAndLeavesNothingBehind() throws IOException {
    TunSettings ends = settings("delay", "1ms");
    try (TunWan wan = TunWan.start(ends)) {
      assertEquals(10, forward(wan, ends, 10, 10_000).received());
      far.ip("link", "del", "wan0");
      ExecutionException lost =
          assertThrows(ExecutionException.class, () -> wan.quitOrdered().get());
      assertTrue(lost.getMessage().contains("wan0 of " + far.name() + " is gone"), lost.toString());
      assertFalse(wan.isValid());
      assertEquals(10, counters(wan, Direction.FORWARD).passedPackets());
      wan.obey("set loss=1%");
    }
  }

  @Test
  void packetsThatTheKernelDropsBeforeTheLinkMakeTheRunInvalid() throws IOException {
    TunSettings ends = settings("delay", "1ms");
    try (TunWan wan = TunWan.start(ends)) {
      near.ip("link", "set", "dev", "wan0", "txqueuelen", "1");
      for (int i = 0; i < 100 && wan.isValid(); i++) {
        UdpProbe.run(ends.near(), ends.far(), 200, 1_000, 1e9, UdpProbe.Drain.of(MILLIS));
      }
      assertTrue(wan.report().of(Direction.FORWARD).faults().notRead() > 0, wan.report(false));
      assertFalse(wan.isValid());
      assertEquals(0, wan.report().of(Direction.BACKWARD).unaccounted());
    }
  }

  @Test
  void packetsLongerThanTheMtuOfTheStartMakeTheRunInvalid() throws IOException {
    TunSettings ends = settings("delay", "1ms");
    try (TunWan wan = TunWan.start(ends)) {
      near.ip("link", "set", "dev", "wan0", "mtu", "9000");
      UdpProbe.Trace trace =
          UdpProbe.run(
              ends.near(),
              ends.far(),
              1_473,
              10,
              1_000,
              () -> {
                while (wan.report().of(Direction.FORWARD).faults().tooLong() < 10) {
                  LockSupport.parkNanos(MILLIS);
                }
              });
      assertEquals(0, trace.received());
      assertFalse(wan.isValid());
    }
  }

  @Test
  void failureLeavesNothingBehind() throws IOException {
    TunSettings good = settings();
    TunSettings bad =
        new TunSettings(
            good.near(), new TunSettings.End(far, "not-an-address"), "wan0", 1_500, Map.of(), 1);
    // The first one loads classes, some of which open something for good.
    UncheckedIOException refused =
        assertThrows(UncheckedIOException.class, () -> TunWan.start(bad));
    assertTrue(refused.getMessage().contains("not-an-address"), refused.getMessage());
    List<String> before = kernelObjects();
    for (int i = 0; i < 3; i++) {
      assertThrows(UncheckedIOException.class, () -> TunWan.start(bad));
    }
    assertEquals(before, kernelObjects());
  }

  /** What this process has open that is no file and no socket, such as eventfd and TUN. */
  private static List<String> kernelObjects() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors
          .flatMap(TunWanTest::target)
          .filter(target -> target.startsWith("anon_inode:") || target.startsWith("/dev/net/"))
          .sorted()
          .toList();
    }
  }

  private static Stream<String> target(Path descriptor) {
    try {
      return Stream.of(Files.readSymbolicLink(descriptor).toString());
    } catch (IOException closedMeanwhile) {
      return Stream.empty();
    }
  }

  @Test
  void whatWasReportedLastStaysAfterTheEnd() throws IOException {
    TunSettings ends = settings("delay", "1ms");
    TunWan wan = TunWan.start(ends);
    forward(wan, ends, 10, 10_000);
    wan.close();
    wan.close();
    assertEquals(10, counters(wan, Direction.FORWARD).passedPackets());
    assertThrows(IllegalArgumentException.class, () -> wan.obey("show"));
  }
}
