package dev.farshore.emulab.wan;

import dev.farshore.link.model.Bottleneck;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.LinkModel;
import dev.farshore.link.model.QueueLimit;
import dev.farshore.link.model.Wire;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Passes TCP connections on, each as two streams of bytes: delayed and held to the rate, never
 * lossy and never reordered, because TCP would repair that itself. What is read while an entrance
 * is closed waits before it, as TCP would send it again. Owned by the event loop.
 */
final class TcpRelay {

  private static final int MAX_PAIRS = 256;
  private static final long MAX_STREAM_BYTES = 16 << 20;
  private static final long MAX_BYTES = 256 << 20;
  private static final int CONNECT_MILLIS = 10_000;

  private final EventLoop loop;
  private final Transport transport;
  private final InetSocketAddress to;
  private final Map<Direction, Wire<StreamItem>> wires = new EnumMap<>(Direction.class);
  private final Map<Direction, ArrayDeque<StreamItem>> held = new EnumMap<>(Direction.class);
  private final Map<Direction, Boolean> open = new EnumMap<>(Direction.class);
  private final long[] passedBytes = new long[Direction.values().length];
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
    this.pace = new Pace(loop, this::step);
    for (Direction direction : Direction.values()) {
      LinkConditions shaped = shaped(conditions.get(direction));
      wires.put(direction, new Wire<>(new LinkModel(shaped, direction.ordinal())));
      held.put(direction, new ArrayDeque<>());
      open.put(direction, true);
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

  /** What of a path's conditions TCP notices; its queue is as long as its windows allow. */
  private static LinkConditions shaped(LinkConditions path) {
    LinkConditions shaped =
        LinkConditions.PERFECT.withDelay(path.delayNanos()).withJitter(path.jitterNanos());
    return switch (path.bottleneck()) {
      case Bottleneck.None none -> shaped;
      case Bottleneck.DropTail tail ->
          shaped.withBottleneck(
              new Bottleneck.DropTail(
                  tail.bitsPerSecond(), new QueueLimit.Time(Long.MAX_VALUE), tail.headerBytes()));
    };
  }

  void change(Direction direction, LinkConditions conditions) {
    wires.get(direction).model().change(shaped(conditions));
  }

  void entrance(Direction direction, boolean opened) {
    open.put(direction, opened);
    ArrayDeque<StreamItem> waiting = held.get(direction);
    while (opened && !waiting.isEmpty()) {
      enter(waiting.removeFirst());
    }
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

  /** Puts an item on the wire, or before its entrance if that is closed. */
  void enter(StreamItem item) {
    Direction direction = item.stream().direction();
    if (open.get(direction)) {
      wires.get(direction).offer(item, item.size(), System.nanoTime());
      pace.at(nextNanos());
    } else {
      held.get(direction).addLast(item);
    }
    updateReading(item.stream());
  }

  void written(Stream stream) {
    updateReading(stream);
  }

  /** Stops reading where too much is on the way, or the entrance is closed. */
  void updateReading(Stream stream) {
    boolean entrance = open.get(stream.direction());
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
        wires.get(Direction.FORWARD).nextArrivalNanos(),
        wires.get(Direction.BACKWARD).nextArrivalNanos());
  }

  private long step(long nowNanos) {
    wires.forEach(
        (direction, wire) -> {
          for (boolean more = true; more; ) {
            more = wire.deliver(nowNanos, (item, damage, last) -> handOn(direction, item));
          }
        });
    return nextNanos();
  }

  private void handOn(Direction direction, StreamItem item) {
    passedBytes[direction.ordinal()] += item.size();
    item.arrive();
    item.stream().handOn();
  }

  Map<Direction, WanReport.Tcp> report() {
    Map<Direction, WanReport.Tcp> ways = new EnumMap<>(Direction.class);
    for (Direction direction : Direction.values()) {
      long passed = passedBytes[direction.ordinal()];
      ways.put(direction, new WanReport.Tcp(passed, held.get(direction).size()));
    }
    return ways;
  }

  WanReport.Connections connections() {
    return new WanReport.Connections(accepted, pairs.size(), refused, turnedAway);
  }

  void close() {
    listener.close();
    new ArrayList<>(pairs).forEach(TcpPair::close);
  }
}
