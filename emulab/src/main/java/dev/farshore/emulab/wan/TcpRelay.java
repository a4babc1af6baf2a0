package dev.farshore.emulab.wan;

import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.netty.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Passes TCP connections on, each as two streams of bytes: delayed and held to the rate, never
 * lossy and never reordered, because TCP would repair that itself. What cannot enter waits, as TCP
 * would send it again. Owned by the event loop.
 */
final class TcpRelay {

  private static final int MAX_PAIRS = 256;
  private static final long MAX_STREAM_BYTES = 16 << 20;
  private static final long MAX_BYTES = 256 << 20;
  private static final int CONNECT_MILLIS = 10_000;

  private final EventLoop loop;
  private final Transport transport;
  private final InetSocketAddress to;
  private final Map<Direction, TcpWay> ways = new EnumMap<>(Direction.class);
  private final Set<TcpPair> pairs = new LinkedHashSet<>();
  private final Pace pace;
  private final Channel listener;
  private long accepted;
  private long refused;
  private long turnedAway;

  TcpRelay(
      EventLoop loop,
      InetSocketAddress listen,
      InetSocketAddress to,
      Map<Direction, LinkConditions> conditions) {
    this.loop = loop;
    this.transport = Transport.of(loop);
    this.to = to;
    this.pace = new Pace(loop, nowNanos -> step());
    for (Direction direction : Direction.values()) {
      ways.put(direction, new TcpWay(conditions.get(direction), direction.ordinal()));
    }
    listener =
        Transport.bind(
            new ServerBootstrap()
                .group(loop)
                .channelFactory(transport::newServerSocketChannel)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(
                    new ChannelInitializer<SocketChannel>() {
                      @Override
                      protected void initChannel(SocketChannel client) {
                        accept(client);
                      }
                    }),
            listen);
  }

  void change(Direction direction, LinkConditions conditions) {
    ways.get(direction).change(conditions);
  }

  void entrance(Direction direction, boolean opened) {
    on(direction, way -> way.entrance(opened, System.nanoTime()));
  }

  void sever(Direction direction) {
    on(direction, TcpWay::sever);
  }

  /**
   * @throws IllegalArgumentException if so many are to come that there is no room for these
   */
  void schedule(Direction direction, List<Outage> outages, long nowNanos) {
    on(direction, way -> way.schedule(outages, nowNanos));
  }

  void heal(Direction direction) {
    on(direction, way -> way.heal(System.nanoTime()));
  }

  private void on(Direction direction, Consumer<TcpWay> action) {
    action.accept(ways.get(direction));
    pace.at(nextNanos());
    updateReading();
  }

  private void accept(SocketChannel client) {
    if (pairs.size() == MAX_PAIRS) {
      turnedAway++;
      Stream.reset(client);
      return;
    }
    accepted++;
    TcpPair pair = new TcpPair(this, client);
    pairs.add(pair);
    updateReading(pair.forward());
  }

  void connectUpstream(TcpPair pair) {
    new Bootstrap()
        .group(loop)
        .channelFactory(transport::newSocketChannel)
        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .handler(new ChannelInboundHandlerAdapter())
        .connect(to)
        .addListener(
            (ChannelFutureListener)
                done -> {
                  if (done.isSuccess()) {
                    pair.connected((SocketChannel) done.channel());
                  } else {
                    refused++;
                    pair.notConnected();
                  }
                });
  }

  void forget(TcpPair pair) {
    pairs.remove(pair);
  }

  /** Puts an item on the wire, or before its entrance if nothing enters now. */
  void enter(StreamItem item) {
    ways.get(item.stream().direction()).enter(item, System.nanoTime());
    pace.at(nextNanos());
    updateReading(item.stream());
  }

  void written(Stream stream) {
    updateReading(stream);
  }

  /** Stops reading where too much is on the way, or nothing enters. */
  void updateReading(Stream stream) {
    boolean entrance = ways.get(stream.direction()).isPassable(System.nanoTime());
    stream.allowReading(entrance && stream.unwrittenBytes() <= Math.min(MAX_STREAM_BYTES, share()));
  }

  private void updateReading() {
    for (TcpPair pair : new ArrayList<>(pairs)) {
      updateReading(pair.forward());
      updateReading(pair.backward());
    }
  }

  /** What each stream may hold, so that all of them together hold no more than they may. */
  private long share() {
    return MAX_BYTES / (2L * Math.max(1, pairs.size()));
  }

  private long nextNanos() {
    return Pace.earlier(
        ways.get(Direction.FORWARD).nextNanos(), ways.get(Direction.BACKWARD).nextNanos());
  }

  private long step() {
    boolean changed = false;
    for (TcpWay way : ways.values()) {
      // Time has gone on: what came out of one way may have entered the other.
      changed |= way.step(System.nanoTime(), TcpRelay::handOn);
    }
    if (changed) {
      updateReading();
    }
    return nextNanos();
  }

  private static void handOn(StreamItem item) {
    item.arrive();
    item.stream().handOn();
  }

  Map<Direction, WanReport.Tcp> report() {
    Map<Direction, WanReport.Tcp> reports = new EnumMap<>(Direction.class);
    ways.forEach((direction, way) -> reports.put(direction, way.report()));
    return reports;
  }

  WanReport.Connections connections() {
    return new WanReport.Connections(accepted, pairs.size(), refused, turnedAway);
  }

  void close() {
    listener.close();
    new ArrayList<>(pairs).forEach(TcpPair::close);
  }
}
