package dev.farshore.emulab.wan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.model.DropReason;
import dev.farshore.link.model.LinkCounters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** UDP through a relay on real sockets: what it says that it passed is what arrives. */
class WanRelayTest {

  private static final int WATCHDOG_MILLIS = 60_000;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private DatagramSocket far;
  private DatagramSocket client;

  @BeforeEach
  void openSockets() throws IOException {
    far = socket();
    client = socket();
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private DatagramSocket socket() throws IOException {
    DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    socket.setReceiveBufferSize(4 << 20);
    socket.setSoTimeout(WATCHDOG_MILLIS);
    opened.add(socket);
    return socket;
  }

  static Map<String, String> conditions(String... keysAndValues) {
    Map<String, String> map = new LinkedHashMap<>(Map.of("rate", "unlimited", "delay", "0"));
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  private WanRelay relay(long seed, String... keysAndValues) {
    WanRelay relay =
        WanRelay.start(
            new WanSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                (InetSocketAddress) far.getLocalSocketAddress(),
                conditions(keysAndValues),
                seed));
    opened.add(0, relay);
    return relay;
  }

  private static LinkCounters counters(WanRelay relay, Direction direction) {
    return relay.report().directions().get(direction.ordinal()).udp().datagrams();
  }

  private static void until(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > WATCHDOG_MILLIS * 1_000_000L) {
        throw new AssertionError("Waited in vain for " + what);
      }
      LockSupport.parkNanos(500_000);
    }
  }

  private static void send(DatagramSocket from, InetSocketAddress to, byte[] bytes)
      throws IOException {
    from.send(new DatagramPacket(bytes, bytes.length, to));
  }

  private static byte[] numbered(int number, int bytes) {
    return ByteBuffer.allocate(bytes).putInt(0, number).array();
  }

  private static DatagramPacket receive(DatagramSocket at) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
    at.receive(packet);
    return packet;
  }

  private static int number(DatagramPacket packet) {
    return ByteBuffer.wrap(packet.getData()).getInt();
  }

  /** Sends in small groups, each of which has entered before the next. */
  private void sendNumbered(WanRelay relay, int first, int count) throws IOException {
    for (int i = first; i < first + count; i++) {
      send(client, relay.listening(), numbered(i, 500));
      if (i % 50 == 49 || i == first + count - 1) {
        long sent = i + 1L;
        until("entry", () -> counters(relay, Direction.FORWARD).offeredPackets() == sent);
      }
    }
  }

  /** What there is at the far end once everything that passes has come out. */
  private List<DatagramPacket> receiveAll(WanRelay relay) throws IOException {
    until("an empty wire", () -> relay.report().directions().getFirst().udp().inFlight() == 0);
    List<DatagramPacket> all = new ArrayList<>();
    far.setSoTimeout(300);
    try {
      while (true) {
        all.add(receive(far));
      }
    } catch (SocketTimeoutException empty) {
      far.setSoTimeout(WATCHDOG_MILLIS);
    }
    return all;
  }

  @Test
  void everyClientHasASocketOfItsOwnAndGetsItsAnswers() throws IOException {
    WanRelay relay = relay(1, "delay", "2ms", "jitter", "1ms");
    List<DatagramSocket> clients = List.of(client, socket(), socket());
    Map<Integer, InetSocketAddress> sources = new TreeMap<>();
    for (int i = 0; i < clients.size(); i++) {
      send(clients.get(i), relay.listening(), numbered(i, 100 + i));
      DatagramPacket arrived = receive(far);
      assertEquals(100 + i, arrived.getLength());
      assertNotEquals(clients.get(i).getLocalSocketAddress(), arrived.getSocketAddress());
      sources.put(number(arrived), (InetSocketAddress) arrived.getSocketAddress());
    }
    assertEquals(3, new TreeSet<>(sources.values().stream().map(a -> a.getPort()).toList()).size());
    for (int i = 2; i >= 0; i--) {
      send(far, sources.get(i), numbered(10 + i, 64_000));
      DatagramPacket answer = receive(clients.get(i));
      assertEquals(10 + i, number(answer));
      assertEquals(64_000, answer.getLength());
      assertEquals(relay.listening(), answer.getSocketAddress());
    }
    assertEquals(3, relay.report().clients().addresses());
    assertEquals(3, counters(relay, Direction.BACKWARD).passedPackets());
  }

  @Test
  void strangersCannotTalkToAClient() throws IOException {
    WanRelay relay = relay(1);
    send(client, relay.listening(), numbered(1, 10));
    DatagramPacket arrived = receive(far);
    send(socket(), (InetSocketAddress) arrived.getSocketAddress(), numbered(66, 10));
    send(far, (InetSocketAddress) arrived.getSocketAddress(), numbered(2, 10));
    assertEquals(2, number(receive(client)));
    assertEquals(1, counters(relay, Direction.BACKWARD).offeredPackets());
  }

  @Test
  void whatIsLostDependsOnTheSeedAlone() throws IOException {
    List<TreeSet<Integer>> arrived = new ArrayList<>();
    for (long seed : new long[] {7, 7, 8}) {
      WanRelay relay = relay(seed, "loss", "10%", "burst", "3");
      sendNumbered(relay, 0, 2_000);
      TreeSet<Integer> numbers = new TreeSet<>();
      receiveAll(relay).forEach(packet -> numbers.add(number(packet)));
      LinkCounters counters = counters(relay, Direction.FORWARD);
      assertEquals(counters.passedPackets(), numbers.size());
      assertEquals(2_000 - numbers.size(), counters.dropped(DropReason.LOSS));
      arrived.add(numbers);
    }
    assertEquals(arrived.get(0), arrived.get(1));
    assertNotEquals(arrived.get(0), arrived.get(2));
  }

  @Test
  void duplicatesAndDamageAreWhatTheReportSays() throws IOException {
    WanRelay relay = relay(3, "duplicate", "20%", "corrupt", "20%", "reorder", "20%");
    sendNumbered(relay, 0, 1_000);
    List<DatagramPacket> all = receiveAll(relay);
    LinkCounters counters = counters(relay, Direction.FORWARD);
    assertEquals(1_000 + counters.duplicatedPackets(), all.size());
    long damaged =
        all.stream()
            .filter(
                packet -> {
                  int number = number(packet);
                  boolean whole = packet.getLength() == 500 && number >= 0 && number < 1_000;
                  byte[] bytes = Arrays.copyOf(packet.getData(), 500);
                  return !whole || !Arrays.equals(numbered(number, 500), bytes);
                })
            .count();
    assertTrue(counters.corruptedArrivals() > 100);
    // A flip may turn one number into another.
    assertEquals(counters.corruptedArrivals(), damaged, 15);
    assertTrue(counters.heldBackPackets() > 100);
  }

  @Test
  void closedEntranceLetsWhatIsInFlightArriveAndNothingElse() throws IOException {
    WanRelay relay = relay(1, "delay", "500ms");
    sendNumbered(relay, 0, 100);
    String answer = relay.obey("close-entrance forward");
    assertTrue(answer.contains("(entrance closed)"), answer);
    sendNumbered(relay, 100, 100);
    TreeSet<Integer> numbers = new TreeSet<>();
    for (int i = 0; i < 100; i++) {
      numbers.add(number(receive(far)));
    }
    assertEquals(List.of(), receiveAll(relay));
    assertEquals(99, numbers.last());
    assertEquals(100, numbers.size());
    assertEquals(100, counters(relay, Direction.FORWARD).dropped(DropReason.ENTRANCE_CLOSED));
    relay.obey("open-entrance");
    relay.obey("set delay=0");
    sendNumbered(relay, 200, 1);
    assertEquals(200, number(receive(far)));
  }

  @Test
  void severedLinkLosesWhatIsInFlightAndCarriesAgainWhenItOpens() throws IOException {
    WanRelay relay = relay(1, "delay", "500ms");
    sendNumbered(relay, 0, 100);
    assertTrue(relay.obey("sever forward").contains("(entrance closed)"));
    sendNumbered(relay, 100, 10);
    assertEquals(List.of(), receiveAll(relay));
    assertEquals(100, counters(relay, Direction.FORWARD).dropped(DropReason.SEVERED));
    assertEquals(10, counters(relay, Direction.FORWARD).dropped(DropReason.ENTRANCE_CLOSED));
    relay.obey("open-entrance");
    relay.obey("set delay=0");
    sendNumbered(relay, 110, 1);
    assertEquals(110, number(receive(far)));
  }

  @Test
  void outageLosesOneDirectionUntilItIsHealed() throws IOException {
    WanRelay relay = relay(1);
    sendNumbered(relay, 0, 1);
    DatagramPacket first = receive(far);
    relay.obey("outage backward 0+1h");
    send(far, (InetSocketAddress) first.getSocketAddress(), numbered(1, 100));
    until(
        "a lost answer",
        () -> counters(relay, Direction.BACKWARD).dropped(DropReason.PARTITION) == 1);
    sendNumbered(relay, 1, 1);
    assertEquals(1, number(receive(far)), "the other direction goes on");
    relay.obey("heal");
    send(far, (InetSocketAddress) first.getSocketAddress(), numbered(2, 100));
    assertEquals(2, number(receive(client)));
  }

  @Test
  void outageEndsByItself() throws IOException {
    WanRelay relay = relay(1);
    long begin = System.nanoTime();
    relay.obey("outage forward 0+300ms");
    sendNumbered(relay, 0, 10);
    long firstSeen = counters(relay, Direction.FORWARD).dropped(DropReason.PARTITION);
    assertTrue(firstSeen > 0 || System.nanoTime() - begin > 300_000_000, "in the outage");
    int next = 10;
    while (counters(relay, Direction.FORWARD).passedPackets() == 0) {
      sendNumbered(relay, next, 1);
      next++;
      LockSupport.parkNanos(5_000_000);
    }
    assertTrue(System.nanoTime() - begin > 300_000_000, "nothing entered before its end");
    assertEquals(1, receiveAll(relay).size());
  }

  @Test
  void moreOutagesThanCanBeRememberedAreRefused() {
    WanRelay relay = relay(1);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> relay.obey("outage forward " + "1h+1s,".repeat(1100) + "1h+1s"));
    assertTrue(refused.getMessage().contains("1024"), refused.getMessage());
    relay.obey("heal");
  }

  @Test
  void conditionsChangeWhileItRunsAndBadOrdersChangeNothing() throws IOException {
    WanRelay relay = relay(1);
    sendNumbered(relay, 0, 10);
    relay.obey("set forward loss=100%");
    sendNumbered(relay, 10, 10);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> relay.obey("set loss=0 delay=fast"));
    assertTrue(refused.getMessage().contains("delay"), refused.getMessage());
    sendNumbered(relay, 20, 10);
    relay.obey("set loss=0");
    sendNumbered(relay, 30, 10);
    assertEquals(20, receiveAll(relay).size());
    assertEquals(20, counters(relay, Direction.FORWARD).dropped(DropReason.LOSS));
    assertTrue(relay.obey("stats").contains("dropped 20 (loss 20)"), relay.obey("stats"));
    assertTrue(relay.obey("stats json").contains("\"loss\":20"));
  }

  @Test
  void overloadedRateDropsAtItsQueue() throws IOException {
    WanRelay relay = relay(1, "rate", "4224kbit", "queue", "5280B");
    byte[] datagram = numbered(0, 500);
    for (int i = 0; i < 1_000; i++) {
      send(client, relay.listening(), datagram);
    }
    until("entry", () -> counters(relay, Direction.FORWARD).offeredPackets() == 1_000);
    List<DatagramPacket> all = receiveAll(relay);
    LinkCounters counters = counters(relay, Direction.FORWARD);
    assertEquals(counters.passedPackets(), all.size());
    assertEquals(1_000 - all.size(), counters.dropped(DropReason.QUEUE_FULL));
    assertTrue(all.size() >= 10, "ten fit into the queue");
    assertArrayEquals(datagram, Arrays.copyOf(all.getFirst().getData(), 500));
  }

  @Test
  void takenAddressIsReportedAndBadConditionsToo() {
    WanRelay relay = relay(1);
    WanSettings same =
        new WanSettings(
            relay.listening(), (InetSocketAddress) far.getLocalSocketAddress(), conditions(), 1);
    assertThrows(UncheckedIOException.class, () -> WanRelay.start(same));
    WanSettings bad = new WanSettings(same.listen(), same.to(), conditions("loss", "half"), 1);
    assertThrows(IllegalArgumentException.class, () -> WanRelay.start(bad));
  }

  @Test
  void quitIsHeard() {
    WanRelay relay = relay(1);
    relay.obey("quit");
    assertTrue(relay.quitOrdered().isDone());
    assertTrue(relay.obey("help").contains("close-entrance"));
  }
}
