package dev.farshore.link.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.farshore.link.port.ControlNetwork;
import dev.farshore.link.port.ControlPort;
import dev.farshore.link.port.ControlSettings;
import dev.farshore.link.port.DatagramPort;
import dev.farshore.link.port.DatagramPort.SendOutcome;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** Two hosts with a path between them, in virtual time, and what was seen to happen at either. */
abstract class TwoHosts {

  static final long MILLIS = 1_000_000;
  static final long DELAY = 25 * MILLIS;
  static final long DEAD = 9_000 * MILLIS;

  SimulatedNetwork network;
  SimulatedHost primary;
  SimulatedHost mirror;
  final List<String> trace = new ArrayList<>();

  void use(long seed, LinkConditions conditions) {
    network =
        new SimulatedNetwork(seed, conditions, new ControlSettings(DEAD, 5_000 * MILLIS, 2 << 20));
    primary = network.host("primary");
    mirror = network.host("mirror");
  }

  @BeforeEach
  void usePerfectPath() {
    use(7, LinkConditions.PERFECT.withDelay(DELAY));
  }

  DatagramPort traced(SimulatedHost host, int port) {
    DatagramPort opened = host.datagrams(port, 1_400);
    opened.handler(
        (from, datagram) ->
            trace.add(network.nowNanos() + " " + host.name() + " " + datagram.remaining()));
    return opened;
  }

  static void send(DatagramPort from, InetSocketAddress to, int bytes) {
    assertEquals(SendOutcome.SENT, from.send(to, ByteBuffer.allocate(bytes)));
    from.flush();
  }

  final class Traced implements ControlPort.Handler, ControlNetwork.ConnectHandler {
    private final String name;
    ControlPort port;

    Traced(String name) {
      this.name = name;
    }

    @Override
    public void onConnected(ControlPort connected) {
      port = connected;
      port.handler(this);
      trace.add(network.nowNanos() + " " + name + " connected");
    }

    @Override
    public void onFailed(String reason) {
      trace.add(network.nowNanos() + " " + name + " failed: " + reason);
    }

    @Override
    public void onMessage(ByteBuffer message) {
      trace.add(network.nowNanos() + " " + name + " got " + message.getInt());
    }

    @Override
    public void onClosed(String reason) {
      trace.add(network.nowNanos() + " " + name + " closed: " + reason);
    }
  }

  final Traced client = new Traced("primary");
  Traced server = new Traced("mirror");

  void connect() {
    mirror.control().listen(mirror.address(7000), port -> server.onConnected(port));
    primary.control().connect(mirror.address(7000), client);
    network.poll(network.nowNanos() + 3 * DELAY);
    assertEquals(
        List.of(DELAY + " mirror connected", 2 * DELAY + " primary connected"),
        trace,
        "connected after one round trip");
    trace.clear();
  }

  static ByteBuffer number(int value) {
    return ByteBuffer.allocate(4).putInt(0, value);
  }
}
