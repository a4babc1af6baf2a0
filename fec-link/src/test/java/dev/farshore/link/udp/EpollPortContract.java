package dev.farshore.link.udp;

import dev.farshore.link.netty.LoopOwner;
import dev.farshore.link.netty.Needs;
import dev.farshore.link.netty.Transport;
import dev.farshore.link.port.DatagramPort;
import dev.farshore.link.port.DatagramPortContract;
import dev.farshore.link.port.Owner;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The contract of datagram ports, for the native one with one setting or another. */
abstract class EpollPortContract extends DatagramPortContract {

  abstract UdpSettings settings(int maxDatagramBytes);

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
        settings(maxDatagramBytes));
  }

  @Override
  protected boolean seesRefusals() {
    return true;
  }
}
