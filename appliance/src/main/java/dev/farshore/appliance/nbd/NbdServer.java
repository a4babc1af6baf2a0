package dev.farshore.appliance.nbd;

import dev.farshore.appliance.export.ExportDirectory;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves exports to NBD clients, over TCP and Unix sockets.
 *
 * <p>Everything happens on one event loop, which is also the owner of the exports. The methods may
 * be called from any thread, unless they say otherwise; they take effect on the loop.
 */
public final class NbdServer {

  private static final Logger LOG = LoggerFactory.getLogger(NbdServer.class);
  private static final int BACKLOG = 1024;

  private record Listener(Channel channel, SocketAddress address) {}

  private final EventLoop loop;
  private final NbdTransport transport;
  private final ByteBufAllocator allocator = NbdTransport.newAllocator();
  private final Connections connections;
  private final List<Listener> listeners = new ArrayList<>();
  private final List<UnixSocketFile> socketFiles = new ArrayList<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final Future<?> ticker;
  private boolean closing;

  private NbdServer(
      EventLoop loop, ExportDirectory exports, NbdLimits limits, Consumer<Throwable> broken) {
    this.loop = loop;
    this.transport = NbdTransport.of(loop);
    this.connections = new Connections(exports, limits, loop, broken);
    // Not at a fixed rate: after a pause of this loop, clients would seem to have stalled as long.
    this.ticker =
        loop.scheduleWithFixedDelay(
            () -> connections.guard(connections::tick), 1, 1, TimeUnit.SECONDS);
  }

  /**
   * A group of one loop that suits a server: native epoll where available, else NIO. On another
   * loop with native epoll, clients that finish sending before they have their replies may not get
   * all of them.
   *
   * @param thread name of its thread, a daemon
   */
  public static EventLoopGroup newLoop(String thread) {
    return NbdTransport.newLoop(thread);
  }

  /**
   * Starts serving.
   *
   * @param group its next loop runs the server; must be the one that owns the exports
   * @param addresses where to listen: {@link InetSocketAddress}, port 0 for any, and {@link
   *     UnixDomainSocketAddress}, whose file gets mode 0600
   * @param broken takes an error that should not be, on the loop: the process is to be stopped
   * @return the server, once all addresses are bound; fails with {@link IOException} if one cannot
   *     be, and then none is
   */
  public static CompletableFuture<NbdServer> start(
      EventLoopGroup group,
      ExportDirectory exports,
      NbdLimits limits,
      List<SocketAddress> addresses,
      Consumer<Throwable> broken) {
    CompletableFuture<NbdServer> started = new CompletableFuture<>();
    EventLoop loop = group.next();
    loop.execute(
        () -> {
          NbdServer server = new NbdServer(loop, exports, limits, broken);
          server.bindNext(List.copyOf(addresses), 0, started);
        });
    return started;
  }

  private void bindNext(
      List<SocketAddress> addresses, int next, CompletableFuture<NbdServer> started) {
    if (next == addresses.size()) {
      started.complete(this);
      return;
    }
    SocketAddress address = addresses.get(next);
    try {
      ChannelFuture bound =
          address instanceof UnixDomainSocketAddress unix
              ? bindUnix(unix)
              : bootstrap(address).bind(transport.address(address));
      bound.addListener(
          done -> {
            if (done.isSuccess()) {
              opened(address, bound.channel());
              bindNext(addresses, next + 1, started);
            } else {
              abandonStart(address, done.cause(), started);
            }
          });
    } catch (IOException cause) {
      abandonStart(address, cause, started);
    }
  }

  private void opened(SocketAddress asked, Channel channel) {
    SocketAddress address =
        asked instanceof UnixDomainSocketAddress ? asked : channel.localAddress();
    listeners.add(new Listener(channel, address));
    LOG.info("NBD: listening at {}", address);
  }

  private void abandonStart(
      SocketAddress address, Throwable cause, CompletableFuture<NbdServer> started) {
    close()
        .whenComplete(
            (done, failed) ->
                started.completeExceptionally(
                    new IOException(
                        "NBD: cannot listen at " + address + ": " + cause.getMessage(), cause)));
  }

  /** Completes when the socket is in its place. */
  private ChannelFuture bindUnix(UnixDomainSocketAddress address) throws IOException {
    UnixSocketFile file = UnixSocketFile.prepare(address.getPath());
    ChannelFuture bound = bootstrap(address).bind(transport.address(file.bindAddress()));
    var published = bound.channel().newPromise();
    bound.addListener(
        done -> {
          try {
            if (done.isSuccess()) {
              file.publish();
              socketFiles.add(file);
              published.setSuccess();
            } else {
              file.abandon();
              published.setFailure(done.cause());
            }
          } catch (IOException cause) {
            bound.channel().close();
            published.setFailure(cause);
          }
        });
    return published;
  }

  private ServerBootstrap bootstrap(SocketAddress address) {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop, loop)
            .channel(transport.serverChannel(address))
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.ALLOCATOR, allocator)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    connections.accept(channel);
                  }
                });
    if (address instanceof InetSocketAddress) {
      bootstrap.option(ChannelOption.SO_REUSEADDR, true);
      transport.tcpOptions().forEach((option, value) -> childOption(bootstrap, option, value));
    }
    return bootstrap;
  }

  @SuppressWarnings("unchecked")
  private static <T> void childOption(
      ServerBootstrap bootstrap, ChannelOption<T> option, Object value) {
    bootstrap.childOption(option, (T) value);
  }

  /** Where it listens, with the real ports; on the loop, or before anything else is called. */
  public List<SocketAddress> addresses() {
    return listeners.stream().map(Listener::address).toList();
  }

  /**
   * Closes an export, for another site leads it or it is being removed: its connections get
   * ESHUTDOWN for what is in progress and are closed, new ones are told that it does not exist.
   *
   * @param name as {@link dev.farshore.appliance.export.Export#name} tells it
   * @param reason for people
   */
  public CompletableFuture<Void> shut(String name, String reason) {
    return CompletableFuture.runAsync(() -> connections.shut(name, reason), this::onLoop);
  }

  /** Allows connections to an export again. */
  public CompletableFuture<Void> reopen(String name) {
    return CompletableFuture.runAsync(() -> connections.reopen(name), this::onLoop);
  }

  /** What happened so far; on the loop. */
  public NbdStatistics statistics() {
    return connections.statistics();
  }

  /**
   * Stops listening, lets requests in progress finish for {@link NbdLimits#drainSeconds}, and ends
   * all connections. Does not stop the loop.
   *
   * @return completes when the last connection is closed
   */
  public CompletableFuture<Void> close() {
    onLoop(this::closeOnLoop);
    return closed;
  }

  private void closeOnLoop() {
    if (closing) {
      return;
    }
    closing = true;
    for (Listener listener : listeners) {
      listener.channel().close();
    }
    for (UnixSocketFile file : socketFiles) {
      try {
        file.remove();
      } catch (IOException cause) {
        LOG.warn("NBD: cannot remove a socket file: {}", cause.getMessage());
      }
    }
    Future<?> deadline =
        loop.schedule(
            () -> connections.guard(connections::drainNow),
            connections.limits().drainSeconds(),
            TimeUnit.SECONDS);
    connections.drain(
        () -> {
          deadline.cancel(false);
          ticker.cancel(false);
          closed.complete(null);
        });
  }

  private void onLoop(Runnable action) {
    if (loop.inEventLoop()) {
      action.run();
    } else {
      loop.execute(action);
    }
  }
}
