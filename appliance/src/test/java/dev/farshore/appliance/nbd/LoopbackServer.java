package dev.farshore.appliance.nbd;

import dev.farshore.appliance.export.ExportDirectory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A server on real sockets, with a loop of its own. Closing it checks that nothing was thrown. */
final class LoopbackServer implements AutoCloseable {

  /** Long enough for the slowest machine; only there so that a hanging test ends. */
  static final long WATCHDOG_SECONDS = 120;

  final NbdServer server;
  final EventLoopGroup loop;
  final ConcurrentLinkedQueue<Throwable> thrown = new ConcurrentLinkedQueue<>();

  LoopbackServer(
      EventLoopGroup loop, ExportDirectory exports, NbdLimits limits, SocketAddress... addresses) {
    this.loop = loop;
    this.server =
        NbdServer.start(loop, exports, limits, List.of(addresses), thrown::add)
            .orTimeout(WATCHDOG_SECONDS, TimeUnit.SECONDS)
            .join();
  }

  LoopbackServer(ExportDirectory exports, NbdLimits limits, SocketAddress... addresses) {
    this(newLoop(), exports, limits, addresses);
  }

  static EventLoopGroup newLoop() {
    return NbdServer.newLoop("nbd");
  }

  static EventLoopGroup newNioLoop() {
    ThreadFactory threads = task -> new Thread(task, "nbd-nio");
    return new MultiThreadIoEventLoopGroup(1, threads, NioIoHandler.newFactory());
  }

  static SocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  static SocketAddress unix(Path path) {
    return UnixDomainSocketAddress.of(path);
  }

  SocketAddress address() {
    return server.addresses().getFirst();
  }

  /** {@code nbd://…/} for the first address. */
  String uri() {
    return "nbd://127.0.0.1:" + ((InetSocketAddress) address()).getPort() + "/";
  }

  <T> T onLoop(Supplier<T> call) {
    return CompletableFuture.supplyAsync(call, loop.next())
        .orTimeout(WATCHDOG_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  NbdStatistics statistics() {
    return onLoop(server::statistics);
  }

  @Override
  public void close() {
    server.close().orTimeout(WATCHDOG_SECONDS, TimeUnit.SECONDS).join();
    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    if (!thrown.isEmpty()) {
      throw new AssertionError(thrown.peek());
    }
  }
}
