package dev.farshore.link.model;

import dev.farshore.link.port.ControlNetwork;
import dev.farshore.link.port.DatagramPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A host of a {@link SimulatedNetwork} with one process on it, which holds all its ports.
 *
 * <p>When the process dies, its ports are gone, its callbacks never run again, and the kernel
 * resets its channels; what the kernel had taken still leaves. When the power goes, nothing more
 * leaves and nobody is told. Either way new ports may be opened afterwards: the process is reborn.
 */
public final class SimulatedHost {

  private static final int FIRST_EPHEMERAL_PORT = 49_152;

  private final SimulatedNetwork network;
  private final String name;
  private final InetAddress address;
  private final TreeMap<Integer, SimulatedDatagramPort> ports = new TreeMap<>();
  private final TreeMap<Integer, Consumer<? super SimulatedChannel>> listeners = new TreeMap<>();
  private final TreeMap<Long, SimulatedChannel> channels = new TreeMap<>();
  private final SimulatedKernel kernel;
  private int nextEphemeralPort = FIRST_EPHEMERAL_PORT;
  private int life;
  private boolean powered = true;

  SimulatedHost(SimulatedNetwork network, String name, int number, SplittableRandom random) {
    this.network = network;
    this.name = name;
    this.address = addressOf(number);
    this.kernel = new SimulatedKernel(network, random);
  }

  private static InetAddress addressOf(int number) {
    try {
      return InetAddress.getByAddress(
          new byte[] {10, 0, (byte) (number >>> Byte.SIZE), (byte) number});
    } catch (UnknownHostException e) {
      throw new AssertionError("Four bytes are an address", e);
    }
  }

  public String name() {
    return name;
  }

  public InetAddress address() {
    return address;
  }

  public InetSocketAddress address(int port) {
    return new InetSocketAddress(address, port);
  }

  /** How the operating system behaves; see {@link SimulatedKernel}. */
  public SimulatedKernel kernel() {
    return kernel;
  }

  /**
   * Opens a port of the process.
   *
   * @param port 0 for any free one
   * @throws UncheckedIOException if it is taken
   */
  public DatagramPort datagrams(int port, int maxDatagramBytes) {
    requirePower();
    int number = port == 0 ? ephemeralPort() : port;
    if (ports.containsKey(number)) {
      throw taken(number);
    }
    var opened = new SimulatedDatagramPort(network, this, address(number), maxDatagramBytes);
    ports.put(number, opened);
    return opened;
  }

  /** The control network as the process sees it. */
  public ControlNetwork control() {
    requirePower();
    return new SimulatedControlNetwork(network, this);
  }

  /** Kills the process. Does nothing to a host without power. */
  public void kill() {
    if (powered) {
      channels.values().forEach(SimulatedChannel::reset);
      forgetProcess();
    }
  }

  /** Takes the power away: what is in the kernel's queue is lost, and nobody is told. */
  public void powerOff() {
    powered = false;
    forgetProcess();
    kernel.lose();
  }

  public void powerOn() {
    powered = true;
  }

  public boolean isPowered() {
    return powered;
  }

  private void forgetProcess() {
    life++;
    ports.values().forEach(SimulatedDatagramPort::die);
    channels.values().forEach(SimulatedChannel::die);
    ports.clear();
    listeners.clear();
    channels.clear();
  }

  private void requirePower() {
    if (!powered) {
      throw new IllegalStateException(name + " has no power");
    }
  }

  /** Number of the process's life; what was asked for in another one is void. */
  int life() {
    return life;
  }

  int ephemeralPort() {
    return nextEphemeralPort++;
  }

  void forget(SimulatedDatagramPort port) {
    ports.remove(port.localAddress().getPort(), port);
  }

  int listen(int port, Consumer<? super SimulatedChannel> accepted) {
    int number = port == 0 ? ephemeralPort() : port;
    if (listeners.putIfAbsent(number, accepted) != null) {
      throw taken(number);
    }
    return number;
  }

  void stopListening(int port) {
    listeners.remove(port);
  }

  void add(SimulatedChannel channel) {
    channels.put(channel.id(), channel);
  }

  void remove(SimulatedChannel channel) {
    channels.remove(channel.id(), channel);
  }

  Optional<SimulatedPath> pathTo(InetSocketAddress to) {
    return network.hostAt(to.getAddress()).map(host -> network.path(this, host));
  }

  void onDatagram(Datagram datagram, ByteBuffer bytes) {
    if (!powered) {
      return;
    }
    SimulatedDatagramPort port = ports.get(datagram.to().getPort());
    if (port != null) {
      port.onDatagram(datagram.from(), bytes);
      return;
    }
    // Port unreachable (ICMP). It needs the way back.
    network
        .hostAt(datagram.from().getAddress())
        .ifPresent(sender -> sender.reportUnreachable(datagram, network.path(this, sender)));
  }

  private void reportUnreachable(Datagram datagram, SimulatedPath path) {
    if (path.isPassable()) {
      network.after(
          path.delayNanos(),
          () -> {
            SimulatedDatagramPort port = ports.get(datagram.from().getPort());
            if (port != null) {
              port.onRefusedLater();
            }
          });
    }
  }

  void onSegment(Segment segment) {
    if (!powered) {
      return;
    }
    SimulatedChannel channel = channels.get(segment.channel());
    if (channel != null) {
      channel.onSegment(segment);
      return;
    }
    Consumer<? super SimulatedChannel> listener = listeners.get(segment.to().getPort());
    if (segment.kind() == Segment.Kind.CONNECT && listener != null) {
      SimulatedChannel accepted =
          SimulatedChannel.accepted(network, this, segment.to(), segment.from(), segment.channel());
      accepted.acceptedBy(listener);
    } else if (segment.kind() != Segment.Kind.RESET) {
      pathTo(segment.from()).ifPresent(path -> path.offer(segment.reset()));
    }
  }

  private UncheckedIOException taken(int port) {
    IOException cause = new BindException("Port " + port + " of " + name + " is taken");
    return new UncheckedIOException(cause);
  }
}
