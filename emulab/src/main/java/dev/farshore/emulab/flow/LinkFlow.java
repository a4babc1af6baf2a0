package dev.farshore.emulab.flow;

import dev.farshore.emulab.tun.Namespace;
import dev.farshore.emulab.tun.TunSettings;
import dev.farshore.emulab.wan.Pace;
import dev.farshore.link.netty.Transport;
import dev.farshore.link.session.LinkReceiver;
import dev.farshore.link.session.LinkSender;
import dev.farshore.link.session.LinkSettings;
import dev.farshore.link.session.LinkStatistics;
import dev.farshore.link.udp.UdpPort;
import dev.farshore.link.udp.UdpSettings;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Our link, sending all the time: a sender and a receiver of {@code fec-link} over real sockets, on
 * an event loop each, in this process. No log, no disk and no agent around them, as TCP has none.
 */
public final class LinkFlow implements AutoCloseable {

  /**
   * @param bitsPerSecond of payload that the receiver gave out in order
   * @param sender what the sender counted in the measured time
   */
  public record Seen(double bitsPerSecond, Sent sender) {}

  /** Packets of the measured time. */
  public record Sent(long data, long repair, long resent) {}

  private static final int PORT = 7_601;
  private static final long SESSION = 7;
  private static final int CHUNK_BYTES = 64 << 10;

  private final IoEventLoopGroup nearGroup = Transport.best().newGroup(1, "flow-near");
  private final IoEventLoopGroup farGroup = Transport.best().newGroup(1, "flow-far");
  private final EventLoop near = nearGroup.next();
  private final EventLoop far = farGroup.next();
  private final InetSocketAddress nearAddress;
  private final InetSocketAddress farAddress;
  private final LinkSettings settings;
  private Sending sending;
  private Receiving receiving;

  private LinkFlow(TunSettings ends, LinkSettings settings) {
    this.nearAddress = new InetSocketAddress(ends.near().address(), PORT);
    this.farAddress = new InetSocketAddress(ends.far().address(), PORT);
    this.settings = settings;
  }

  /** Runs one from nothing to its end. */
  public static Seen run(TunSettings ends, LinkSettings settings, FlowSpan span)
      throws IOException {
    try (LinkFlow flow = new LinkFlow(ends, settings)) {
      flow.open(ends.near().namespace(), ends.far().namespace());
      return flow.measure(span);
    }
  }

  private void open(Namespace nearSpace, Namespace farSpace) throws IOException {
    on(far, () -> enter(farSpace));
    on(near, () -> enter(nearSpace));
    receiving = on(far, Receiving::new);
    sending = on(near, Sending::new);
  }

  private static boolean enter(Namespace namespace) throws IOException {
    namespace.enterForGood();
    return true;
  }

  private Seen measure(FlowSpan span) throws IOException {
    rest(span.startUpNanos());
    span.observer().begins();
    LinkStatistics before = on(near, sending::statistics);
    long startBytes = on(far, receiving::bytes);
    long startNanos = System.nanoTime();
    rest(span.measuredNanos());
    long bytes = on(far, receiving::bytes) - startBytes;
    double seconds = (System.nanoTime() - startNanos) * 1e-9;
    LinkStatistics after = on(near, sending::statistics);
    span.observer().ends();
    return new Seen(
        bytes * Byte.SIZE / seconds,
        new Sent(
            after.dataPackets() - before.dataPackets(),
            after.repairPackets() - before.repairPackets(),
            after.resentPackets() - before.resentPackets()));
  }

  private static void rest(long nanos) {
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private UdpPort port(EventLoop loop, InetSocketAddress at) {
    return UdpPort.open(
        loop,
        at,
        UdpSettings.of(settings.datagramBytes()).with(UdpSettings.Segmentation.SORTED_RUNS));
  }

  /** Of the near loop. */
  private final class Sending {
    private final UdpPort port = port(near, nearAddress);
    private final LinkSender sender =
        new LinkSender(settings, SESSION, port, farAddress, System.nanoTime());
    private final Pace pace = new Pace(near, this::step);
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);

    Sending() {
      port.handler(
          (from, datagram) -> {
            sender.onDatagram(datagram, System.nanoTime());
            pace.at(System.nanoTime());
          });
      port.writableListener(() -> pace.at(System.nanoTime()));
      pace.at(System.nanoTime());
    }

    private long step(long nowNanos) {
      while (sender.writableBytes() >= CHUNK_BYTES) {
        sender.offer(chunk.clear());
      }
      sender.poll(nowNanos);
      port.flush();
      return sender.nextDeadlineNanos();
    }

    LinkStatistics statistics() {
      return sender.statistics();
    }
  }

  /** Of the far loop. */
  private final class Receiving {
    private final UdpPort port = port(far, farAddress);
    private final LinkReceiver receiver =
        new LinkReceiver(settings, SESSION, port, nearAddress, System.nanoTime());
    private final Pace pace = new Pace(far, this::step);

    Receiving() {
      port.handler(
          (from, datagram) -> {
            receiver.onDatagram(datagram, System.nanoTime());
            pace.at(System.nanoTime());
          });
    }

    private long step(long nowNanos) {
      for (int bytes = receiver.peek().remaining();
          bytes > 0;
          bytes = receiver.peek().remaining()) {
        receiver.consume(bytes);
      }
      receiver.poll(nowNanos);
      port.flush();
      return receiver.nextDeadlineNanos();
    }

    long bytes() {
      return receiver.consumedOffset();
    }
  }

  private static <T> T on(EventLoop loop, Callable<T> action) throws IOException {
    try {
      return loop.submit(action).get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while a link ran", e);
    }
  }

  @Override
  public void close() {
    nearGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    farGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
