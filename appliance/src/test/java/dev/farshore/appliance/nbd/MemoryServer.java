package dev.farshore.appliance.nbd;

import dev.farshore.appliance.export.FixedDirectory;
import dev.farshore.appliance.export.MemoryExport;
import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;

/** Serves memory until it is killed: {@code MemoryServer PORT|SOCKET MEGABYTES}. */
public final class MemoryServer {

  private MemoryServer() {}

  public static void main(String[] arguments) throws InterruptedException {
    SocketAddress address =
        arguments[0].startsWith("/")
            ? UnixDomainSocketAddress.of(arguments[0])
            : new InetSocketAddress(
                InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
    long bytes = Long.parseLong(arguments[1]) << 20;
    EventLoopGroup loop = NbdServer.newLoop("nbd");
    NbdServer.start(
            loop,
            FixedDirectory.of(new MemoryExport("memory", bytes)),
            NbdLimits.DEFAULT,
            List.of(address),
            Throwable::printStackTrace)
        .join();
    loop.terminationFuture().await();
  }
}
