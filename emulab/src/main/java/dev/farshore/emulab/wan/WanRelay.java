package dev.farshore.emulab.wan;

import dev.farshore.link.model.Bottleneck;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.LinkModel;
import dev.farshore.link.model.Wire;
import dev.farshore.link.netty.Transport;
import dev.farshore.link.udp.UdpPort;
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

/** A running relay. Its methods may be called from any thread but that of its event loop. */
public final class WanRelay implements AutoCloseable {

  private static final int IPV6_UDP_HEADER_BYTES = 48;
  private static final int MAX_PORTS_TRIED = 20;

  private final IoEventLoopGroup group;
  private final EventLoop loop;
  private final int headerBytes;
  private final Map<Direction, PathText> paths = new EnumMap<>(Direction.class);
  private final Lateness lateness = new Lateness();
  private final CompletableFuture<Void> quit = new CompletableFuture<>();
  private final Pace pace;
  private final UdpRelay udp;
  private final TcpRelay tcp;
  private final InetSocketAddress listening;

  private WanRelay(IoEventLoopGroup group, EventLoop loop, WanSettings settings) {
    this.group = group;
    this.loop = loop;
    boolean ipv6 = settings.to().getAddress() instanceof Inet6Address;
    headerBytes = ipv6 ? IPV6_UDP_HEADER_BYTES : Bottleneck.UDP_HEADER_BYTES;
    Map<Direction, LinkConditions> conditions = new EnumMap<>(Direction.class);
    for (Direction direction : Direction.values()) {
      paths.put(direction, PathText.of(settings.conditions(), headerBytes));
      conditions.put(direction, paths.get(direction).conditions());
    }
    pace = new Pace(loop, this::step);
    UdpPort front = UdpPort.open(loop, settings.listen(), UdpRelay.settings());
    listening = front.localAddress();
    udp =
        new UdpRelay(
            loop,
            front,
            settings.to(),
            new Wire<>(new LinkModel(conditions.get(Direction.FORWARD), settings.seed())),
            new Wire<>(new LinkModel(conditions.get(Direction.BACKWARD), ~settings.seed())),
            lateness,
            this::wake);
    try {
      tcp = new TcpRelay(loop, listening, settings.to(), conditions, this::wake);
    } catch (UncheckedIOException e) {
      udp.close();
      throw e;
    }
  }

  /**
   * Starts a relay on a thread of its own.
   *
   * @throws IllegalArgumentException if the conditions make no sense
   * @throws java.io.UncheckedIOException if the listening address cannot be had
   */
  public static WanRelay start(WanSettings settings) {
    IoEventLoopGroup group = Transport.best().newGroup(1, "wan");
    boolean anyPort = settings.listen().getPort() == 0;
    try {
      return start(group, settings, anyPort ? MAX_PORTS_TRIED : 1);
    } catch (RuntimeException e) {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw e;
    }
  }

  /** A port number that is free for UDP may be taken for TCP. */
  private static WanRelay start(IoEventLoopGroup group, WanSettings settings, int attempts) {
    EventLoop loop = group.next();
    try {
      return call(loop, () -> new WanRelay(group, loop, settings));
    } catch (UncheckedIOException e) {
      if (attempts == 1) {
        throw e;
      }
      return start(group, settings, attempts - 1);
    }
  }

  /** Where it listens. */
  public InetSocketAddress listening() {
    return listening;
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
  public String obey(String line) {
    Order order = Order.parse(line);
    return call(loop, () -> obey(order));
  }

  public WanReport report() {
    return call(loop, this::reportNow);
  }

  /** One line of JSON. */
  public String reportJson() {
    return WanReportJson.of(report());
  }

  private String obey(Order order) {
    switch (order) {
      case Order.CloseEntrance close -> close.directions().forEach(this::closeEntrance);
      case Order.OpenEntrance open -> open.directions().forEach(this::openEntrance);
      case Order.Change change -> change(change);
      case Order.Show show -> {}
      case Order.Statistics statistics -> {
        return statistics.json() ? WanReportJson.of(reportNow()) : reportNow().text();
      }
      case Order.Help help -> {
        return Order.HELP;
      }
      case Order.Quit end -> quit.complete(null);
    }
    StringBuilder text = new StringBuilder();
    for (Direction direction : Direction.values()) {
      boolean open = udp.wire(direction).model().isEntranceOpen();
      text.append(text.isEmpty() ? "" : "\n")
          .append(direction + ": " + paths.get(direction))
          .append(open ? "" : " (entrance closed)");
    }
    return text.toString();
  }

  private void closeEntrance(Direction direction) {
    udp.wire(direction).model().closeEntrance();
    tcp.closeEntrance(direction);
  }

  private void openEntrance(Direction direction) {
    udp.wire(direction).model().openEntrance();
    tcp.openEntrance(direction);
  }

  private void change(Order.Change change) {
    Map<Direction, PathText> changed = new EnumMap<>(Direction.class);
    for (Direction direction : change.directions()) {
      changed.put(direction, paths.get(direction).with(change.values(), headerBytes));
    }
    paths.putAll(changed);
    changed.forEach(
        (direction, path) -> {
          udp.wire(direction).model().change(path.conditions());
          tcp.change(direction, path.conditions());
        });
  }

  private WanReport reportNow() {
    List<WanReport.OneWay> directions = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      Wire<Parcel> wire = udp.wire(direction);
      directions.add(
          new WanReport.OneWay(
              direction,
              wire.model().isEntranceOpen(),
              paths.get(direction).toString(),
              wire.model().counters(),
              wire.inFlight(),
              udp.notSent(direction),
              udp.noMemory(direction),
              tcp.passedBytes(direction),
              tcp.held(direction)));
    }
    return new WanReport(
        directions,
        udp.clients(),
        tcp.connections(),
        tcp.pairs(),
        tcp.refusedUpstream() + tcp.refusedHere(),
        lateness.atPercentile(50),
        lateness.atPercentile(99));
  }

  private void wake() {
    pace.at(earlier(udp.nextNanos(), tcp.nextNanos()));
  }

  private long step(long nowNanos) {
    udp.poll(nowNanos);
    tcp.poll(nowNanos);
    return earlier(udp.nextNanos(), tcp.nextNanos());
  }

  /** Of two times, of which MAX_VALUE is never. */
  private static long earlier(long one, long other) {
    return one == Long.MAX_VALUE || (other != Long.MAX_VALUE && other - one < 0) ? other : one;
  }

  @Override
  public void close() {
    call(
        loop,
        () -> {
          udp.close();
          tcp.close();
          return true;
        });
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
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
