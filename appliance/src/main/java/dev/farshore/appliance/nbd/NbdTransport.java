package dev.farshore.appliance.nbd;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Map;

/** Which of Netty's transports a loop speaks: native epoll where it is available, else NIO. */
enum NbdTransport {
  EPOLL,
  NIO;

  private static final int PAGE_BYTES = 8 << 10;
  private static final int CHUNK_ORDER = 11;

  /** A loop of one thread. */
  static EventLoopGroup newLoop(String thread) {
    IoHandlerFactory handlers =
        Epoll.isAvailable() ? OrderlyEpoll.newFactory() : NioIoHandler.newFactory();
    return new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory(thread, true), handlers);
  }

  /**
   * Buffers for one loop, in chunks of 16 MiB. Netty's default allocator does not pool what is
   * above 1 MiB, which is just what a read of 1 MiB needs with its header: mapping and clearing
   * fresh memory then costs more than the read.
   */
  static ByteBufAllocator newAllocator() {
    return new PooledByteBufAllocator(true, 1, 1, PAGE_BYTES, CHUNK_ORDER, 256, 64, true);
  }

  static NbdTransport of(EventLoop loop) {
    boolean epoll = loop instanceof IoEventLoop io && io.isCompatible(EpollIoHandle.class);
    return epoll ? EPOLL : NIO;
  }

  Class<? extends ServerChannel> serverChannel(SocketAddress address) {
    if (address instanceof UnixDomainSocketAddress) {
      return this == EPOLL
          ? EpollServerDomainSocketChannel.class
          : NioServerDomainSocketChannel.class;
    }
    return this == EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /** The address in the form in which this transport takes it. */
  SocketAddress address(SocketAddress address) {
    return this == EPOLL && address instanceof UnixDomainSocketAddress unix
        ? new DomainSocketAddress(unix.getPath().toFile())
        : address;
  }

  /**
   * Options of connections over TCP. Section "Protocol phases": Nagle's algorithm SHOULD be off. A
   * client whose host vanished is noticed within two minutes.
   */
  Map<ChannelOption<?>, Object> tcpOptions() {
    if (this == NIO) {
      return Map.of(ChannelOption.TCP_NODELAY, true, ChannelOption.SO_KEEPALIVE, true);
    }
    return Map.of(
        ChannelOption.TCP_NODELAY, true,
        ChannelOption.SO_KEEPALIVE, true,
        EpollChannelOption.TCP_KEEPIDLE, 60,
        EpollChannelOption.TCP_KEEPINTVL, 10,
        EpollChannelOption.TCP_KEEPCNT, 6);
  }
}
