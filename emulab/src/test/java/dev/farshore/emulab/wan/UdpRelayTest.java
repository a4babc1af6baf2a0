package dev.farshore.emulab.wan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.farshore.link.model.DropReason;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.netty.Transport;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The relay of datagrams on a loop that does not come round for a while. */
@Timeout(60)
class UdpRelayTest {

  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private final IoEventLoopGroup group = Transport.best().newGroup(1, "wan-udp");
  private final EventLoop loop = group.next();

  @AfterEach
  void endLoop() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private <T> T ask(Callable<T> question) throws Exception {
    return loop.submit(question).get();
  }

  private UdpRelay relay(DatagramSocket far, String... conditions) throws Exception {
    InetSocketAddress any = new InetSocketAddress(HERE, 0);
    Map<String, String> text = WanRelayTest.conditions(conditions);
    Map<Direction, LinkConditions> both = new EnumMap<>(Direction.class);
    for (Direction direction : Direction.values()) {
      both.put(direction, PathText.of(text, 28).conditions());
    }
    InetSocketAddress to = (InetSocketAddress) far.getLocalSocketAddress();
    return ask(() -> UdpRelay.open(loop, new WanSettings(any, to, text, 1), both));
  }

  /** Keeps the loop from doing anything until the latch is open. */
  private CountDownLatch hold() throws InterruptedException {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch latch = new CountDownLatch(1);
    loop.execute(
        () -> {
          held.countDown();
          boolean interrupted = false;
          while (latch.getCount() > 0) {
            try {
              latch.await();
            } catch (InterruptedException e) {
              interrupted = true;
            }
          }
          if (interrupted) {
            Thread.currentThread().interrupt();
          }
        });
    held.await();
    return latch;
  }

  private static void send(DatagramSocket from, InetSocketAddress to, int bytes)
      throws IOException {
    from.send(new DatagramPacket(new byte[bytes], bytes, to));
  }

  /** Whoever goes on writing until the order has answered does not keep the entrance open. */
  @Test
  void closesInOneGoWhileAStreamGoesOnAndEverythingSentBeforeTheOrderEnters() throws Exception {
    try (DatagramSocket far = new DatagramSocket(0, HERE);
        DatagramSocket client = new DatagramSocket(0, HERE)) {
      UdpRelay relay = relay(far, "delay", "1h");
      AtomicInteger sent = new AtomicInteger();
      AtomicBoolean ending = new AtomicBoolean();
      FutureTask<Void> stream =
          new FutureTask<>(
              () -> {
                while (!ending.get()) {
                  send(client, relay.listening(), 100);
                  sent.incrementAndGet();
                  LockSupport.parkNanos(20_000);
                }
                return null;
              });
      Thread.ofPlatform().name("stream").start(stream);
      awaitCount(sent, 100);
      CountDownLatch latch = hold();
      int before = sent.get() + 100;
      awaitCount(sent, before);
      // The loop does this before it looks at its sockets again.
      var entered =
          loop.submit(
              () -> {
                relay.closeEntrance(Direction.FORWARD);
                return relay.report().get(Direction.FORWARD).inFlight();
              });
      latch.countDown();
      assertTrue(entered.get() >= before, entered.get() + " of " + before);
      awaitCount(sent, sent.get() + 100);
      ending.set(true);
      stream.get();
      while (ask(() -> relay.report().get(Direction.FORWARD).datagrams().offeredPackets())
          < sent.get()) {
        LockSupport.parkNanos(500_000);
      }
      WanReport.Udp last = ask(() -> relay.report().get(Direction.FORWARD));
      assertEquals(entered.get(), last.inFlight(), "nothing enters after that");
      assertTrue(last.datagrams().dropped(DropReason.ENTRANCE_CLOSED) >= 100);
      close(relay);
    }
  }

  private static void awaitCount(AtomicInteger counter, int least) {
    while (counter.get() < least) {
      LockSupport.parkNanos(500_000);
    }
  }

  private void close(UdpRelay relay) throws InterruptedException, ExecutionException {
    loop.submit(relay::close).get();
  }

  @Test
  void answersThatOurKernelHoldsEnterBeforeTheWayBackCloses() throws Exception {
    try (DatagramSocket far = new DatagramSocket(0, HERE);
        DatagramSocket client = new DatagramSocket(0, HERE)) {
      UdpRelay relay = relay(far);
      send(client, relay.listening(), 100);
      DatagramPacket first = new DatagramPacket(new byte[100], 100);
      far.receive(first);
      ask(() -> relay.way(Direction.BACKWARD))
          .change(PathText.of(WanRelayTest.conditions("delay", "1h"), 28).conditions());
      CountDownLatch latch = hold();
      for (int i = 0; i < 100; i++) {
        send(far, (InetSocketAddress) first.getSocketAddress(), 100);
      }
      var entered =
          loop.submit(
              () -> {
                relay.closeEntrance(Direction.BACKWARD);
                return relay.report().get(Direction.BACKWARD).inFlight();
              });
      latch.countDown();
      assertEquals(100, entered.get());
      close(relay);
    }
  }

  @Test
  void whatOurKernelDropsUnreadIsCountedAndMakesTheReportInvalid() throws Exception {
    assumeTrue(Transport.best() == Transport.EPOLL, "this kernel does not tell");
    try (DatagramSocket far = new DatagramSocket(0, HERE);
        DatagramSocket client = new DatagramSocket(0, HERE)) {
      UdpRelay relay = relay(far, "loss", "100%");
      int sent = 1_000;
      CountDownLatch latch = hold();
      for (int i = 0; i < sent; i++) {
        send(client, relay.listening(), 60_000);
      }
      latch.countDown();
      WanReport.Udp forward = ask(() -> relay.report().get(Direction.FORWARD));
      while (forward.datagrams().offeredPackets() + forward.faults().notRead() < sent) {
        forward = ask(() -> relay.report().get(Direction.FORWARD));
      }
      assertEquals(sent, forward.datagrams().offeredPackets() + forward.faults().notRead());
      assertTrue(forward.faults().notRead() > 0, forward.toString());
      WanReport report = report(forward);
      assertFalse(report.isValid());
      long dropped = forward.faults().notRead();
      assertTrue(report.text().contains("outside of the link: " + dropped), report.text());
      assertTrue(report.text().contains("not-read " + dropped), report.text());
      assertTrue(report.json().contains("\"valid\":false"), report.json());
      close(relay);
      WanReport.Udp after = ask(() -> relay.report().get(Direction.FORWARD));
      assertEquals(dropped, after.faults().notRead(), "known after the end, too");
    }
  }

  private static WanReport report(WanReport.Udp forward) {
    return new WanReport(
        List.of(new WanReport.OneWay(Direction.FORWARD, "", forward, new WanReport.Tcp(0, 0, 0))),
        new WanReport.Clients(1, 0, 0, 0),
        new WanReport.Connections(0, 0, 0, 0));
  }
}
