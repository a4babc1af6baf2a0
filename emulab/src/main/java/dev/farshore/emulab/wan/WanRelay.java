package dev.farshore.emulab.wan;

import dev.farshore.link.model.Bottleneck;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.netty.Transport;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A running relay. UDP and TCP have an event loop each; what is here belongs to nobody's loop and
 * may be called from any thread but theirs, one call at a time.
 */
public final class WanRelay implements Wan {

  private static final int IPV6_UDP_HEADER_BYTES = 48;
  private static final int MAX_PORTS_TRIED = 20;

  private final IoEventLoopGroup udpGroup = Transport.best().newGroup(1, "wan-udp");

  /**
   * Not native epoll: with Netty 4.2.18 a channel that is not being read when the other end says
   * that it is done cannot be read any more ({@code epoll_ctl} fails), and its last bytes are lost.
   */
  private final IoEventLoopGroup tcpGroup = Transport.NIO.newGroup(1, "wan-tcp");

  private final Orders orders;
  private final CompletableFuture<Void> quit = new CompletableFuture<>();
  private UdpRelay udp;
  private TcpRelay tcp;

  private WanRelay(WanSettings settings) {
    boolean ipv6 = settings.to().getAddress() instanceof Inet6Address;
    int headerBytes = ipv6 ? IPV6_UDP_HEADER_BYTES : Bottleneck.UDP_HEADER_BYTES;
    orders = new Orders(settings.conditions(), headerBytes, new Link());
  }

  /**
   * Starts a relay on threads of its own.
   *
   * @throws IllegalArgumentException if the conditions make no sense
   * @throws java.io.UncheckedIOException if the listening address cannot be had
   */
  public static WanRelay start(WanSettings settings) {
    WanRelay relay = new WanRelay(settings);
    boolean anyPort = settings.listen().getPort() == 0;
    boolean open = false;
    try {
      relay.open(settings, anyPort ? MAX_PORTS_TRIED : 1);
      open = true;
      return relay;
    } finally {
      if (!open) {
        relay.shutDown();
      }
    }
  }

  /** A port number that is free for UDP may be taken for TCP. */
  private void open(WanSettings settings, int attempts) {
    Map<Direction, LinkConditions> conditions = new EnumMap<>(Direction.class);
    for (Direction direction : Direction.values()) {
      conditions.put(direction, orders.path(direction).conditions());
    }
    EventLoop udpLoop = udpGroup.next();
    EventLoop tcpLoop = tcpGroup.next();
    udp = call(udpLoop, () -> UdpRelay.open(udpLoop, settings, conditions));
    try {
      tcp = call(tcpLoop, () -> new TcpRelay(tcpLoop, listening(), settings.to(), conditions));
    } catch (UncheckedIOException e) {
      onUdp(UdpRelay::close);
      if (attempts == 1) {
        throw e;
      }
      open(settings, attempts - 1);
    }
  }

  /** Where it listens. */
  public InetSocketAddress listening() {
    return udp.listening();
  }

  @Override
  public CompletableFuture<Void> quitOrdered() {
    return quit;
  }

  @Override
  public synchronized String obey(String line) {
    return orders.obey(line);
  }

  @Override
  public String report(boolean json) {
    return json ? report().json() : report().text();
  }

  /**
   * It has no way to lose anything that it does not count, as long as the kernel tells what it
   * dropped, see {@link WanReport#isValid}.
   */
  @Override
  public boolean isValid() {
    return report().isValid();
  }

  public synchronized WanReport report() {
    Map<Direction, WanReport.Udp> datagrams = ask(udpGroup, udp::report);
    Map<Direction, WanReport.Tcp> streams = ask(tcpGroup, tcp::report);
    List<WanReport.OneWay> directions = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      directions.add(
          new WanReport.OneWay(
              direction,
              orders.path(direction).toString(),
              datagrams.get(direction),
              streams.get(direction)));
    }
    return new WanReport(directions, ask(udpGroup, udp::clients), ask(tcpGroup, tcp::connections));
  }

  /** The far side of the orders. */
  private final class Link implements Orders.Link {

    @Override
    public void openEntrance(Direction direction) {
      onUdp(relay -> relay.way(direction).entrance(true));
      onTcp(relay -> relay.entrance(direction, true));
    }

    @Override
    public long closeEntrance(Direction direction) {
      long nanos = onUdp(relay -> relay.closeEntrance(direction));
      onTcp(relay -> relay.entrance(direction, false));
      return nanos;
    }

    /** Datagrams are what is lost; a stream is only kept back. */
    @Override
    public long sever(Direction direction) {
      long nanos = onUdp(relay -> relay.sever(direction));
      onTcp(relay -> relay.sever(direction));
      return nanos;
    }

    @Override
    public boolean isEntranceOpen(Direction direction) {
      return ask(udpGroup, udp::report).get(direction).entranceOpen();
    }

    @Override
    public void change(Direction direction, LinkConditions conditions) {
      onUdp(relay -> relay.way(direction).change(conditions));
      onTcp(relay -> relay.change(direction, conditions));
    }

    @Override
    public void schedule(Direction direction, List<Outage> outages) {
      long nowNanos = System.nanoTime();
      onUdp(relay -> relay.way(direction).schedule(outages, nowNanos));
      onTcp(relay -> relay.schedule(direction, outages, nowNanos));
    }

    @Override
    public void heal(Direction direction) {
      onUdp(relay -> relay.way(direction).heal());
      onTcp(relay -> relay.heal(direction));
    }

    @Override
    public String report(boolean json) {
      return WanRelay.this.report(json);
    }

    @Override
    public void quit() {
      quit.complete(null);
    }
  }

  @Override
  public synchronized void close() {
    onUdp(UdpRelay::close);
    onTcp(TcpRelay::close);
    shutDown();
  }

  private void shutDown() {
    udpGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    tcpGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** Returns when it was done, as {@link System#nanoTime} has it. */
  private long onUdp(Consumer<UdpRelay> action) {
    return ask(
        udpGroup,
        () -> {
          action.accept(udp);
          return System.nanoTime();
        });
  }

  private void onTcp(Consumer<TcpRelay> action) {
    ask(
        tcpGroup,
        () -> {
          action.accept(tcp);
          return true;
        });
  }

  private static <T> T ask(IoEventLoopGroup group, Callable<T> question) {
    return call(group.next(), question);
  }

  private static <T> T call(EventLoop loop, Callable<T> action) {
    try {
      return loop.submit(action).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the relay was asked", e);
    }
  }
}
