package dev.farshore.link.model;

import dev.farshore.link.port.ControlNetwork;
import dev.farshore.link.port.ControlPort;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The control network as one life of a simulated process sees it. */
final class SimulatedControlNetwork implements ControlNetwork {

  private final SimulatedNetwork network;
  private final SimulatedHost host;
  private final int life;
  private final List<Integer> listening = new ArrayList<>();
  private final List<SimulatedChannel> channels = new ArrayList<>();
  private boolean open = true;

  SimulatedControlNetwork(SimulatedNetwork network, SimulatedHost host) {
    this.network = network;
    this.host = host;
    this.life = host.life();
  }

  @Override
  public InetSocketAddress listen(InetSocketAddress at, Consumer<ControlPort> accepted) {
    requireLife();
    int port =
        host.listen(
            at.getPort(),
            channel -> {
              keep(channel);
              accepted.accept(channel);
            });
    listening.add(port);
    return host.address(port);
  }

  @Override
  public void connect(InetSocketAddress to, ConnectHandler handler) {
    requireLife();
    Optional<SimulatedPath> path = host.pathTo(to);
    if (path.isPresent()) {
      keep(SimulatedChannel.connecting(network, host, to, handler));
    } else {
      network.after(
          0,
          () -> {
            if (open && host.life() == life) {
              handler.onFailed("no route to " + to);
            }
          });
    }
  }

  @Override
  public void close() {
    if (open && host.life() == life) {
      listening.forEach(host::stopListening);
      channels.forEach(SimulatedChannel::close);
    }
    open = false;
  }

  private void keep(SimulatedChannel channel) {
    channels.removeIf(SimulatedChannel::isGone);
    channels.add(channel);
  }

  private void requireLife() {
    if (!open || host.life() != life) {
      throw new IllegalStateException("The control network of " + host.name() + " is closed");
    }
  }
}
