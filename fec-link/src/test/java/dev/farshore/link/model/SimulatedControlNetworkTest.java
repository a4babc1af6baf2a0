package dev.farshore.link.model;

import dev.farshore.link.port.ControlNetwork;
import dev.farshore.link.port.ControlNetworkContract;
import dev.farshore.link.port.ControlSettings;
import dev.farshore.link.port.Owner;
import java.net.InetSocketAddress;

class SimulatedControlNetworkTest extends ControlNetworkContract {

  @Override
  protected Owner owner() {
    LinkConditions conditions = LinkConditions.PERFECT.withDelay(1_000_000);
    return new SimulatedOwner(new SimulatedNetwork(1, conditions, ControlSettings.DEFAULT));
  }

  @Override
  protected ControlNetwork network(Owner owner) {
    return ((SimulatedOwner) owner).network.host("site").control();
  }

  @Override
  protected InetSocketAddress anyPort(Owner owner) {
    return ((SimulatedOwner) owner).network.host("site").address(0);
  }
}
