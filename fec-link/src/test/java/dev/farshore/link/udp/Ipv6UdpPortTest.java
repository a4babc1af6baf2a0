package dev.farshore.link.udp;

import dev.farshore.link.netty.LoopOwner;
import dev.farshore.link.netty.Needs;
import dev.farshore.link.netty.Transport;
import dev.farshore.link.port.DatagramPort;
import dev.farshore.link.port.DatagramPortContract;
import dev.farshore.link.port.Owner;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

class Ipv6UdpPortTest extends DatagramPortContract {

  @Override
  protected Owner owner() {
    Needs.epoll();
    Needs.that(Files.exists(Path.of("/proc/net/if_inet6")), "IPv6");
    return new LoopOwner(Transport.EPOLL);
  }

  @Override
  protected DatagramPort open(Owner owner, int maxDatagramBytes) {
    return UdpPort.open(
        ((LoopOwner) owner).loop(),
        new InetSocketAddress("::1", 0),
        UdpSettings.of(maxDatagramBytes));
  }

  @Override
  protected boolean seesRefusals() {
    return true;
  }
}
