package dev.farshore.link.model;

import dev.farshore.link.port.DatagramPort;
import dev.farshore.link.port.DatagramPortContract;
import dev.farshore.link.port.Owner;

class SimulatedDatagramPortTest extends DatagramPortContract {

  @Override
  protected Owner owner() {
    return new SimulatedOwner(new SimulatedNetwork(1));
  }

  @Override
  protected DatagramPort open(Owner owner, int maxDatagramBytes) {
    SimulatedNetwork network = ((SimulatedOwner) owner).network;
    return network.host("site").datagrams(0, maxDatagramBytes);
  }

  @Override
  protected boolean seesRefusals() {
    return true;
  }
}
