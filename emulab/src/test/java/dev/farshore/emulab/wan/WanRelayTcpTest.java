package dev.farshore.emulab.wan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** TCP through a relay on real sockets: every byte in order, ends and resets as they were made. */
class WanRelayTcpTest {

  private static final int WATCHDOG_MILLIS = 60_000;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private ServerSocket far;

  @BeforeEach
  void listen() throws IOException {
    far = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    far.setSoTimeout(WATCHDOG_MILLIS);
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
    far.close();
    threads.shutdownNow();
  }

  private WanRelay relay(String... keysAndValues) {
    WanRelay relay =
        WanRelay.start(
            new WanSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                (InetSocketAddress) far.getLocalSocketAddress(),
                WanRelayTest.conditions(keysAndValues),
                1));
    opened.add(relay);
    return relay;
  }

  private Socket connect(WanRelay relay) throws IOException {
    Socket socket = new Socket(relay.listening().getAddress(), relay.listening().getPort());
    return kept(socket);
  }

  private Socket kept(Socket socket) throws IOException {
    socket.setSoTimeout(WATCHDOG_MILLIS);
    opened.add(socket);
    return socket;
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

  private static byte[] random(int bytes, long seed) {
    byte[] content = new byte[bytes];
    new SplittableRandom(seed).nextBytes(content);
    return content;
  }

  private CompletableFuture<byte[]> readToEnd(Socket socket) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return socket.getInputStream().readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        threads);
  }

  private void write(Socket socket, byte[] bytes) {
    threads.execute(
        () -> {
          try {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Test
  void bytesPassBothWaysAtOnceAndHalfCloseIsKept() throws Exception {
    WanRelay relay = relay("delay", "3ms", "jitter", "2ms", "rate", "1Gbit", "loss", "20%");
    Socket client = connect(relay);
    Socket server = kept(far.accept());
    byte[] up = random(8_000_000, 1);
    byte[] down = random(5_000_000, 2);
    CompletableFuture<byte[]> atServer = readToEnd(server);
    CompletableFuture<byte[]> atClient = readToEnd(client);
    write(client, up);
    assertArrayEquals(up, atServer.get(WATCHDOG_MILLIS, TimeUnit.MILLISECONDS));
    write(server, down);
    assertArrayEquals(down, atClient.get(WATCHDOG_MILLIS, TimeUnit.MILLISECONDS));
    until("the end of the pair", () -> relay.report().connections().open() == 0);
    WanReport report = relay.report();
    assertEquals(1, report.connections().accepted());
    assertEquals(up.length, report.directions().get(0).tcp().passedBytes());
    assertEquals(down.length, report.directions().get(1).tcp().passedBytes());
  }

  @Test
  void endThatComesWhileReadingIsPausedLosesNothing() throws Exception {
    WanRelay relay = relay();
    Socket client = connect(relay);
    Socket server = kept(far.accept());
    client.getOutputStream().write(1);
    assertEquals(1, server.getInputStream().read());
    relay.obey("close-entrance forward");
    byte[] up = random(30_000, 1);
    client.getOutputStream().write(up);
    client.shutdownOutput();
    server.setSoTimeout(300);
    assertThrows(SocketTimeoutException.class, () -> server.getInputStream().read());
    server.setSoTimeout(WATCHDOG_MILLIS);
    relay.obey("open-entrance forward");
    assertArrayEquals(up, server.getInputStream().readAllBytes());
    server.getOutputStream().write(7);
    assertEquals(7, client.getInputStream().read(), "the way back is open");
  }

  @Test
  void delayThatShrinksDoesNotReorderBytes() throws Exception {
    WanRelay relay = relay("delay", "200ms");
    Socket client = connect(relay);
    client.getOutputStream().write(random(1_000, 1));
    relay.obey("set delay=0");
    client.getOutputStream().write(random(1_000, 2));
    client.shutdownOutput();
    byte[] all = readToEnd(kept(far.accept())).get(WATCHDOG_MILLIS, TimeUnit.MILLISECONDS);
    assertEquals(2_000, all.length);
    assertArrayEquals(random(1_000, 1), Arrays.copyOf(all, 1_000));
  }

  @Test
  void refusedConnectionIsResetAfterIt() throws IOException {
    WanRelay relay = relay("delay", "1ms");
    far.close();
    Socket client = connect(relay);
    assertThrows(SocketException.class, () -> readOne(client));
    until("the end of the pair", () -> relay.report().connections().open() == 0);
    assertEquals(1, relay.report().connections().refused());
  }

  private static int readOne(Socket socket) throws IOException {
    int read = socket.getInputStream().read();
    if (read < 0) {
      throw new AssertionError("An orderly end instead of a reset");
    }
    return read;
  }

  @Test
  void resetOfEitherSideIsPassedOn() throws IOException {
    WanRelay relay = relay("delay", "1ms");
    for (boolean byClient : new boolean[] {true, false}) {
      Socket client = connect(relay);
      Socket server = kept(far.accept());
      client.getOutputStream().write(1);
      assertEquals(1, server.getInputStream().read());
      Socket first = byClient ? client : server;
      Socket other = byClient ? server : client;
      first.setSoLinger(true, 0);
      first.close();
      assertThrows(SocketException.class, () -> readOne(other));
      until("the end of the pair", () -> relay.report().connections().open() == 0);
    }
  }

  @Test
  void closedEntranceHoldsBytesBackUntilItOpens() throws IOException {
    WanRelay relay = relay();
    Socket client = connect(relay);
    Socket server = kept(far.accept());
    client.getOutputStream().write(1);
    assertEquals(1, server.getInputStream().read());
    relay.obey("close-entrance forward");
    client.getOutputStream().write(2);
    server.getOutputStream().write(3);
    assertEquals(3, client.getInputStream().read(), "the way back is open");
    server.setSoTimeout(200);
    assertThrows(SocketTimeoutException.class, () -> server.getInputStream().read());
    server.setSoTimeout(WATCHDOG_MILLIS);
    relay.obey("open-entrance forward");
    assertEquals(2, server.getInputStream().read());
  }

  private static WanReport.Tcp forward(WanRelay relay) {
    return relay.report().directions().get(Direction.FORWARD.ordinal()).tcp();
  }

  @Test
  void outageHoldsBytesBackUntilItEnds() throws IOException {
    WanRelay relay = relay();
    Socket client = connect(relay);
    Socket server = kept(far.accept());
    long begin = System.nanoTime();
    relay.obey("outage forward 0+400ms 2h+1h");
    client.getOutputStream().write(1);
    server.getOutputStream().write(2);
    assertEquals(2, client.getInputStream().read(), "the way back is open");
    assertEquals(1, server.getInputStream().read());
    assertTrue(System.nanoTime() - begin > 400_000_000);
    relay.obey("outage forward 0+1h");
    client.getOutputStream().write(3);
    client.getOutputStream().write(4);
    server.setSoTimeout(200);
    assertThrows(SocketTimeoutException.class, () -> server.getInputStream().read());
    server.setSoTimeout(WATCHDOG_MILLIS);
    relay.obey("heal");
    assertEquals(3, server.getInputStream().read());
    assertEquals(4, server.getInputStream().read());
  }

  /** TCP would send again what was lost; the relay has said that it has it. */
  @Test
  void bytesInFlightOnASeveredLinkComeWhenItOpens() throws IOException {
    WanRelay relay = relay();
    Socket client = connect(relay);
    Socket server = kept(far.accept());
    relay.obey("set forward delay=1h");
    for (int i = 0; i < 3; i++) {
      client.getOutputStream().write(i);
      int pieces = i + 1;
      until("a piece in flight", () -> forward(relay).inFlight() == pieces);
    }
    relay.obey("sever forward");
    relay.obey("set forward delay=0");
    client.getOutputStream().write(3);
    assertEquals(new WanReport.Tcp(0, 0, 3), forward(relay));
    server.setSoTimeout(200);
    assertThrows(SocketTimeoutException.class, () -> server.getInputStream().read());
    server.setSoTimeout(WATCHDOG_MILLIS);
    relay.obey("open-entrance forward");
    for (int i = 0; i < 4; i++) {
      assertEquals(i, server.getInputStream().read());
    }
  }

  @Test
  void deathOfAClientIsNotSeenThroughAClosedEntrance() throws IOException {
    WanRelay relay = relay();
    Socket client = connect(relay);
    Socket server = kept(far.accept());
    client.getOutputStream().write(1);
    assertEquals(1, server.getInputStream().read());
    relay.obey("close-entrance");
    client.setSoLinger(true, 0);
    client.close();
    Socket late = connect(relay);
    server.setSoTimeout(200);
    assertThrows(SocketTimeoutException.class, () -> server.getInputStream().read());
    far.setSoTimeout(100);
    assertThrows(SocketTimeoutException.class, () -> far.accept(), "nor a new connection");
    server.setSoTimeout(WATCHDOG_MILLIS);
    far.setSoTimeout(WATCHDOG_MILLIS);
    relay.obey("open-entrance");
    assertThrows(SocketException.class, () -> readOne(server));
    Socket second = kept(far.accept());
    late.getOutputStream().write(9);
    assertEquals(9, second.getInputStream().read());
  }

  @Test
  void receiverThatDoesNotReadStopsTheSenderAndNobodyElse() throws Exception {
    WanRelay relay = relay();
    Socket stuck = connect(relay);
    kept(far.accept());
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(() -> writeForever(stuck), threads);
    Socket client = connect(relay);
    Socket server = kept(far.accept());
    byte[] up = random(1_000_000, 1);
    CompletableFuture<byte[]> atServer = readToEnd(server);
    write(client, up);
    assertArrayEquals(up, atServer.get(WATCHDOG_MILLIS, TimeUnit.MILLISECONDS));
    assertTrue(!writing.isDone() || writing.isCompletedExceptionally());
    // Far less than a writer without a reader would have pushed through by now.
    assertTrue(relay.report().directions().getFirst().tcp().passedBytes() < 200_000_000);
  }

  private static void writeForever(Socket socket) {
    byte[] bytes = new byte[1 << 20];
    try {
      while (true) {
        socket.getOutputStream().write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void manyConnectionsComeAndGo() throws Exception {
    WanRelay relay = relay("delay", "1ms");
    threads.execute(this::echo);
    for (int round = 0; round < 3; round++) {
      List<Socket> clients = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        clients.add(connect(relay));
      }
      for (int i = 0; i < 40; i++) {
        clients.get(i).getOutputStream().write(random(100, i));
        clients.get(i).shutdownOutput();
      }
      for (int i = 0; i < 40; i++) {
        assertArrayEquals(random(100, i), clients.get(i).getInputStream().readAllBytes());
        clients.get(i).close();
      }
    }
    until("all to end", () -> relay.report().connections().open() == 0);
    assertEquals(120, relay.report().connections().accepted());
  }

  private void echo() {
    try {
      while (true) {
        Socket socket = far.accept();
        threads.execute(
            () -> {
              try (socket) {
                socket.getOutputStream().write(socket.getInputStream().readAllBytes());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
      }
    } catch (IOException closed) {
      return;
    }
  }
}
