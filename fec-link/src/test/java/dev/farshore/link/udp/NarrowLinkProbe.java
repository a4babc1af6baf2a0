package dev.farshore.link.udp;

import dev.farshore.link.netty.Transport;
import dev.farshore.link.port.DatagramPort.SendOutcome;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A process in a network namespace: sends more than its narrow loopback takes, tells the outcome.
 */
final class NarrowLinkProbe {

  private static final int BYTES = 1_000;
  private static final long WATCHDOG_NANOS = 30_000_000_000L;

  private NarrowLinkProbe() {}

  /** Arguments: number of datagrams, bytes of the send buffer. */
  public static void main(String[] arguments) throws Exception {
    int datagrams = Integer.parseInt(arguments[0]);
    UdpSettings settings =
        new UdpSettings(
            BYTES, 16 << 20, Integer.parseInt(arguments[1]), UdpSettings.Segmentation.NEVER);
    IoEventLoopGroup group = Transport.EPOLL.newGroup(1, "probe");
    EventLoop loop = group.next();
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    UdpPort sender = loop.submit(() -> UdpPort.open(loop, any, settings)).get();
    UdpPort receiver = loop.submit(() -> UdpPort.open(loop, any, settings)).get();
    AtomicInteger arrived = new AtomicInteger();
    AtomicInteger writable = new AtomicInteger();
    AtomicInteger taken = new AtomicInteger();
    Callable<Long> burst =
        () -> {
          receiver.handler((from, datagram) -> arrived.incrementAndGet());
          sender.writableListener(writable::incrementAndGet);
          for (int i = 0; i < datagrams; i++) {
            SendOutcome outcome = sender.send(receiver.localAddress(), ByteBuffer.allocate(BYTES));
            taken.addAndGet(outcome == SendOutcome.SENT ? 1 : 0);
          }
          sender.flush();
          return sender.queuedBytes();
        };
    long queued = loop.submit(burst).get();
    until(() -> ask(loop, sender::queuedBytes) == 0);
    until(() -> arrived.get() + ask(loop, sender::refusedLater) == taken.get());
    System.out.printf(
        "taken=%d queued=%d refused=%d arrived=%d writable=%d%n",
        taken.get(), queued, ask(loop, sender::refusedLater), arrived.get(), writable.get());
    System.exit(0);
  }

  private static long ask(EventLoop loop, Callable<Long> question) {
    return loop.submit(question).syncUninterruptibly().getNow();
  }

  private static void until(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean() && System.nanoTime() - start < WATCHDOG_NANOS) {
      LockSupport.parkNanos(1_000_000);
    }
  }
}
