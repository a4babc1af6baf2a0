package dev.farshore.appliance.nbd;

import dev.farshore.appliance.export.Export;
import dev.farshore.appliance.export.ExportDirectory;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The connections of a server and what they share. Owned by the server's loop.
 *
 * <p>Also the directory that handshakes see: without the exports that are shut.
 */
final class Connections implements ExportDirectory {

  /** Replies beyond this stop the intake of requests, until they are down to half of it. */
  private static final int CONGESTED_BYTES = 8 << 20;

  private final ExportDirectory exports;
  private final NbdLimits limits;
  private final Executor loop;
  private final Consumer<Throwable> broken;
  private final Credits.Pools pools;
  private final NbdCounters counters = new NbdCounters();
  private final Set<Channel> open = new LinkedHashSet<>();
  private final Set<TransmissionHandler> transmitting = new LinkedHashSet<>();
  private final Set<String> shutNames = new TreeSet<>();
  private ArrayDeque<TransmissionHandler> unsettled = new ArrayDeque<>();
  private boolean settling;
  private boolean draining;
  private Runnable drained = () -> {};
  private long ticks;

  /**
   * @param loop runs tasks later, on the owner's thread
   * @param broken takes what should not be: the owner stops the process
   */
  Connections(
      ExportDirectory exports, NbdLimits limits, Executor loop, Consumer<Throwable> broken) {
    this.exports = exports;
    this.limits = limits;
    this.loop = loop;
    this.broken = broken;
    this.pools = Credits.Pools.of(limits.credits());
  }

  @Override
  public List<String> names() {
    return exports.names().stream().filter(name -> !shutNames.contains(name)).toList();
  }

  @Override
  public Optional<Export> open(String name) {
    Optional<Export> export = exports.open(name);
    if (export.isPresent() && shutNames.contains(export.get().name())) {
      export.get().close();
      return Optional.empty();
    }
    return export;
  }

  /** Takes charge of a new connection, whose channel is registered and not yet active. */
  void accept(Channel channel) {
    if (draining || open.size() >= limits.connections()) {
      counters.refused++;
      channel.close();
      return;
    }
    counters.accepted++;
    open.add(channel);
    channel.closeFuture().addListener(closed -> forget(channel));
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    channel
        .config()
        .setRecvByteBufAllocator(new PayloadReceiver())
        .setWriteBufferWaterMark(new WriteBufferWaterMark(CONGESTED_BYTES / 2, CONGESTED_BYTES));
    channel.pipeline().addLast(new HandshakeHandler(this, new Handshake(this, () -> draining)));
  }

  private void forget(Channel channel) {
    open.remove(channel);
    checkDrained();
  }

  /** A handshake succeeded. */
  void enter(ChannelHandlerContext context, Session session, ByteBuf input) {
    TransmissionHandler handler = new TransmissionHandler(this, context, session);
    PayloadReceiver receiver = context.channel().config().getRecvByteBufAllocator();
    receiver.serve(handler.transmission());
    transmitting.add(handler);
    context.pipeline().replace(context.handler(), null, handler);
    handler.begin(input);
  }

  /** A handshake failed, or the client did not want more. */
  void handshakeEnded(Handshake.End end) {
    if (end == Handshake.End.VIOLATION) {
      counters.violations++;
    }
  }

  void violation() {
    counters.violations++;
  }

  void left(TransmissionHandler handler) {
    transmitting.remove(handler);
  }

  /** A connection's code or its socket threw. */
  void failed(Channel channel, Throwable cause) {
    channel.close();
    if (!(cause instanceof IOException || cause instanceof UncheckedIOException)) {
      broken.accept(cause);
    }
  }

  /** Has a connection settle with all the others that changed in this round of the loop. */
  void settleLater(TransmissionHandler handler) {
    unsettled.addLast(handler);
    if (!settling) {
      settling = true;
      loop.execute(() -> guard(this::settle));
    }
  }

  /** Runs what Netty calls back: Netty would log what it throws, and go on with broken state. */
  void guard(Runnable callback) {
    try {
      callback.run();
    } catch (RuntimeException | Error thrown) {
      broken.accept(thrown);
    }
  }

  private void settle() {
    settling = false;
    ArrayDeque<TransmissionHandler> round = unsettled;
    unsettled = new ArrayDeque<>();
    for (TransmissionHandler handler : round) {
      handler.settleLater();
    }
  }

  /** A second has passed. Disconnects those who hold credit that others wait for. */
  void tick() {
    ticks++;
    if (!pools.contended()) {
      return;
    }
    for (TransmissionHandler handler : List.copyOf(transmitting)) {
      if (handler.stalled()) {
        counters.stalled++;
        handler.close();
      }
    }
  }

  /** Closes an export: it is not found any more, and those who use it are told ESHUTDOWN. */
  void shut(String name, String reason) {
    shutNames.add(name);
    for (TransmissionHandler handler : List.copyOf(transmitting)) {
      if (handler.exportName().equals(name)) {
        handler.transmission().shut(reason);
        handler.changed();
      }
    }
  }

  void reopen(String name) {
    shutNames.remove(name);
  }

  /** Ends all connections as soon as their requests are answered; runs {@code then} after that. */
  void drain(Runnable then) {
    draining = true;
    drained = then;
    for (TransmissionHandler handler : List.copyOf(transmitting)) {
      handler.transmission().drain("the server is shutting down");
      handler.changed();
    }
    checkDrained();
  }

  /** Ends what a drain has not: requests in progress are answered with ESHUTDOWN. */
  void drainNow() {
    for (TransmissionHandler handler : List.copyOf(transmitting)) {
      handler.transmission().shut("the server is shutting down");
      handler.changed();
    }
    loop.execute(() -> guard(() -> List.copyOf(open).forEach(Channel::close)));
  }

  private void checkDrained() {
    if (draining && open.isEmpty()) {
      drained.run();
      drained = () -> {};
    }
  }

  NbdLimits limits() {
    return limits;
  }

  Credits.Pools pools() {
    return pools;
  }

  NbdCounters counters() {
    return counters;
  }

  /** Seconds since the start, roughly. */
  long ticks() {
    return ticks;
  }

  NbdStatistics statistics() {
    return new NbdStatistics(
        open.size(),
        transmitting.size(),
        counters.accepted,
        counters.refused,
        counters.requests,
        counters.errors,
        counters.bytesRead,
        counters.bytesWritten,
        pools.taken(),
        counters.violations,
        counters.negotiationTimeouts,
        counters.stalled);
  }
}
