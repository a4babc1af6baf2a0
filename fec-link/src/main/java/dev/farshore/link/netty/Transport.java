package dev.farshore.link.netty;

import io.netty.bootstrap.AbstractBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;

/** A way to talk to the kernel. */
public enum Transport {
  /** Linux's own, with batches of datagrams in one system call. */
  EPOLL,
  /** The JDK's, on every machine. */
  NIO;

  /** The best that this machine has. */
  public static Transport best() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }

  /** The transport of the channels that {@code loop} serves. */
  public static Transport of(EventLoop loop) {
    return loop instanceof IoEventLoop io && io.isCompatible(EpollIoHandle.class) ? EPOLL : NIO;
  }

  /**
   * @param name of its threads
   */
  public IoEventLoopGroup newGroup(int threads, String name) {
    IoHandlerFactory handlers =
        switch (this) {
          case EPOLL -> EpollIoHandler.newFactory();
          case NIO -> NioIoHandler.newFactory();
        };
    return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), handlers);
  }

  /** A datagram channel that can be bound to {@code at}. */
  public DatagramChannel newDatagramChannel(InetSocketAddress at) {
    SocketProtocolFamily family =
        at.getAddress() instanceof Inet4Address
            ? SocketProtocolFamily.INET
            : SocketProtocolFamily.INET6;
    return switch (this) {
      case EPOLL -> new EpollDatagramChannel(family);
      case NIO -> new NioDatagramChannel(family);
    };
  }

  public ServerSocketChannel newServerSocketChannel() {
    return switch (this) {
      case EPOLL -> new EpollServerSocketChannel();
      case NIO -> new NioServerSocketChannel();
    };
  }

  public SocketChannel newSocketChannel() {
    return switch (this) {
      case EPOLL -> new EpollSocketChannel();
      case NIO -> new NioSocketChannel();
    };
  }

  /**
   * Makes the channel and binds it before it returns; to be called on the thread of the loop that
   * the bootstrap has as its group.
   *
   * @throws UncheckedIOException if the address cannot be had
   */
  public static Channel bind(AbstractBootstrap<?, ?> bootstrap, InetSocketAddress at) {
    ChannelFuture registered = bootstrap.register();
    Channel channel = registered.channel();
    require(registered, at);
    require(channel.bind(at), at);
    return channel;
  }

  private static void require(ChannelFuture done, InetSocketAddress at) {
    if (!done.isDone()) {
      throw new IllegalStateException("Not on the thread of the event loop");
    }
    if (!done.isSuccess()) {
      done.channel().close();
      String message = String.valueOf(done.cause().getMessage());
      String reason = message.substring(message.lastIndexOf(": ") + 1).strip();
      String address = at.getHostString() + ":" + at.getPort();
      throw new UncheckedIOException(
          new IOException("cannot listen at " + address + ": " + reason, done.cause()));
    }
  }
}
