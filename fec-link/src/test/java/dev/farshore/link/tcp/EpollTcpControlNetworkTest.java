package dev.farshore.link.tcp;

import dev.farshore.link.netty.LoopOwner;
import dev.farshore.link.netty.Needs;
import dev.farshore.link.netty.Transport;
import dev.farshore.link.port.ControlNetwork;
import dev.farshore.link.port.ControlNetworkContract;
import dev.farshore.link.port.ControlSettings;
import dev.farshore.link.port.Owner;
import java.net.InetAddress;
import java.net.InetSocketAddress;

class EpollTcpControlNetworkTest extends ControlNetworkContract {

  @Override
  protected Owner owner() {
    Needs.epoll();
    return new LoopOwner(Transport.EPOLL);
  }

  @Override
  protected ControlNetwork network(Owner owner) {
    return new TcpControlNetwork(((LoopOwner) owner).loop(), ControlSettings.DEFAULT);
  }

  @Override
  protected InetSocketAddress anyPort(Owner owner) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }
}
