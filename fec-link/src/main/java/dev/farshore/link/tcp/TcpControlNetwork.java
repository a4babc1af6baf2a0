package dev.farshore.link.tcp;

import dev.farshore.link.netty.Escalation;
import dev.farshore.link.netty.Transport;
import dev.farshore.link.port.ControlNetwork;
import dev.farshore.link.port.ControlPort;
import dev.farshore.link.port.ControlSettings;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Control channels over TCP. Owned by the thread of its event loop, on which everything but the
 * constructor is called. An exception that a callback throws goes to that thread's uncaught
 * exception handler.
 */
public final class TcpControlNetwork implements ControlNetwork {

  /** Far more than there are sites; what comes beyond it is a fault or an attack. */
  private static final int MAX_CHANNELS = 256;

  private final EventLoop loop;
  private final Transport transport;
  private final ControlSettings settings;
  private final List<Channel> listeners = new ArrayList<>();
  private final Set<Channel> connecting = new LinkedHashSet<>();
  private final Set<TcpControlPort> ports = new LinkedHashSet<>();
  private boolean open = true;

  public TcpControlNetwork(EventLoop loop, ControlSettings settings) {
    this.loop = loop;
    this.transport = Transport.of(loop);
    this.settings = settings;
  }

  @Override
  public InetSocketAddress listen(InetSocketAddress at, Consumer<ControlPort> accepted) {
    requireOpen();
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop)
            .channelFactory(transport::newServerSocketChannel)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    accept(channel, accepted);
                  }
                });
    Channel listener = Transport.bind(bootstrap, at);
    listeners.add(listener);
    return (InetSocketAddress) listener.localAddress();
  }

  private void accept(SocketChannel channel, Consumer<ControlPort> accepted) {
    if (!open || ports.size() >= MAX_CHANNELS || channel.remoteAddress() == null) {
      channel.close();
      return;
    }
    begin(
        channel,
        new TcpControlPort.Opening() {
          @Override
          public void onOpen(TcpControlPort port) {
            accepted.accept(port);
          }

          /** A stranger, or a peer that gave up: nobody has heard of it yet. */
          @Override
          public void onFailed(String reason) {}
        });
  }

  @Override
  public void connect(InetSocketAddress to, ConnectHandler handler) {
    requireOpen();
    long millis = TimeUnit.NANOSECONDS.toMillis(settings.connectNanos());
    ChannelFuture connection =
        new Bootstrap()
            .group(loop)
            .channelFactory(transport::newSocketChannel)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.clamp(millis, 1, 1 << 30))
            .handler(new ChannelInboundHandlerAdapter())
            .connect(to);
    connecting.add(connection.channel());
    connection.addListener(
        (ChannelFutureListener)
            done -> {
              connecting.remove(done.channel());
              if (open) {
                Escalation.later(loop, () -> connected(done, handler));
              }
            });
  }

  private void connected(ChannelFuture done, ConnectHandler handler) {
    if (!open) {
      done.channel().close();
    } else if (!done.isSuccess()) {
      handler.onFailed(done.cause().getMessage());
    } else {
      begin(
          (SocketChannel) done.channel(),
          new TcpControlPort.Opening() {
            @Override
            public void onOpen(TcpControlPort port) {
              handler.onConnected(port);
            }

            @Override
            public void onFailed(String reason) {
              if (open) {
                handler.onFailed(reason);
              }
            }
          });
    }
  }

  private void begin(SocketChannel channel, TcpControlPort.Opening opening) {
    channel.config().setTcpNoDelay(true);
    if (transport == Transport.EPOLL) {
      long millis = TimeUnit.NANOSECONDS.toMillis(settings.deadAfterNanos());
      channel
          .config()
          .setOption(EpollChannelOption.TCP_USER_TIMEOUT, Math.clamp(millis, 1, 1 << 30));
    }
    ports.add(new TcpControlPort(channel, settings, opening, ports::remove));
  }

  @Override
  public void close() {
    open = false;
    listeners.forEach(Channel::close);
    new ArrayList<>(connecting).forEach(Channel::close);
    new ArrayList<>(ports).forEach(TcpControlPort::close);
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("The control network is closed");
    }
    if (!loop.inEventLoop()) {
      throw new IllegalStateException("Not on the thread of the event loop");
    }
  }
}
