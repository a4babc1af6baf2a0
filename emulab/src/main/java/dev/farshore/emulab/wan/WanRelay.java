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
public final class WanRelay implements AutoCloseable {

  private static final int IPV6_UDP_HEADER_BYTES = 48;
  private static final int MAX_PORTS_TRIED = 20;

  private final IoEventLoopGroup udpGroup = Transport.best().newGroup(1, "wan-udp");

  /**
   * Not native epoll: with Netty 4.2.18 a channel that is not being read when the other end says
   * that it is done cannot be read any more ({@code epoll_ctl} fails), and its last bytes are lost.
   */
  private final IoEventLoopGroup tcpGroup = Transport.NIO.newGroup(1, "wan-tcp");

  private final int headerBytes;
  private final Map<Direction, PathText> paths = new EnumMap<>(Direction.class);
  private final CompletableFuture<Void> quit = new CompletableFuture<>();
  private UdpRelay udp;
  private TcpRelay tcp;

  private WanRelay(WanSettings settings) {
    boolean ipv6 = settings.to().getAddress() instanceof Inet6Address;
    headerBytes = ipv6 ? IPV6_UDP_HEADER_BYTES : Bottleneck.UDP_HEADER_BYTES;
    for (Direction direction : Direction.values()) {
      paths.put(direction, PathText.of(settings.conditions(), headerBytes));
    }
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
    paths.forEach((direction, path) -> conditions.put(direction, path.conditions()));
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

  /** Completes when somebody ordered the relay to end. */
  public CompletableFuture<Void> quitOrdered() {
    return quit;
  }

  /**
   * Does what an order says.
   *
   * @return what there is to tell, without a newline at its end
   * @throws IllegalArgumentException with what is wrong with the order, for people
   */
  public synchronized String obey(String line) {
    switch (Order.parse(line)) {
      case Order.CloseEntrance close -> entrance(close.directions(), false);
      case Order.OpenEntrance open -> entrance(open.directions(), true);
      case Order.Change change -> change(change);
      case Order.Show show -> {}
      case Order.Statistics statistics -> {
        return statistics.json() ? report().json() : report().text();
      }
      case Order.Help help -> {
        return Order.HELP;
      }
      case Order.Quit end -> quit.complete(null);
    }
    return show();
  }

  public synchronized WanReport report() {
    Map<Direction, WanReport.Udp> datagrams = ask(udpGroup, udp::report);
    Map<Direction, WanReport.Tcp> streams = ask(tcpGroup, tcp::report);
    List<WanReport.OneWay> directions = new ArrayList<>();
    paths.forEach(
        (direction, path) ->
            directions.add(
                new WanReport.OneWay(
                    direction, path.toString(), datagrams.get(direction), streams.get(direction))));
    return new WanReport(directions, ask(udpGroup, udp::clients), ask(tcpGroup, tcp::connections));
  }

  private String show() {
    Map<Direction, WanReport.Udp> ways = ask(udpGroup, udp::report);
    StringBuilder text = new StringBuilder();
    for (Direction direction : Direction.values()) {
      text.append(text.isEmpty() ? "" : "\n")
          .append(direction + ": " + paths.get(direction))
          .append(ways.get(direction).entranceOpen() ? "" : " (entrance closed)");
    }
    return text.toString();
  }

  private void entrance(List<Direction> directions, boolean open) {
    for (Direction direction : directions) {
      onUdp(relay -> relay.entrance(direction, open));
      onTcp(relay -> relay.entrance(direction, open));
    }
  }

  private void change(Order.Change change) {
    Map<Direction, PathText> changed = new EnumMap<>(Direction.class);
    for (Direction direction : change.directions()) {
      changed.put(direction, paths.get(direction).with(change.values(), headerBytes));
    }
    paths.putAll(changed);
    changed.forEach(
        (direction, path) -> {
          onUdp(relay -> relay.change(direction, path.conditions()));
          onTcp(relay -> relay.change(direction, path.conditions()));
        });
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

  private void onUdp(Consumer<UdpRelay> action) {
    ask(
        udpGroup,
        () -> {
          action.accept(udp);
          return true;
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
