package dev.farshore.link.udp;

import dev.farshore.link.netty.LoopOwner;
import dev.farshore.link.netty.Needs;
import dev.farshore.link.netty.Transport;
import dev.farshore.link.port.DatagramPort;
import dev.farshore.link.port.DatagramPortContract;
import dev.farshore.link.port.Owner;
import java.net.InetAddress;
import java.net.InetSocketAddress;

class EpollUdpPortTest extends DatagramPortContract {

  @Override
  protected Owner owner() {
    Needs.epoll();
    return new LoopOwner(Transport.EPOLL);
  }

  @Override
  protected DatagramPort open(Owner owner, int maxDatagramBytes) {
    return UdpPort.open(
        ((LoopOwner) owner).loop(),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        UdpSettings.of(maxDatagramBytes));
  }

  @Override
  protected boolean seesRefusals() {
    return true;
  }
}
