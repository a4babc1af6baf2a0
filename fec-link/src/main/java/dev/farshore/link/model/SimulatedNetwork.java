package dev.farshore.link.model;

import dev.farshore.link.port.ControlPort;
import dev.farshore.link.port.ControlSettings;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A network in virtual time: named hosts, and between any two of them a path in each direction.
 * What happens depends on the seed and on the calls alone.
 *
 * <pre>
 *   host "primary" ── path(primary, mirror) ──▶ host "mirror"
 *     10.0.0.1     ◀── path(mirror, primary) ──   10.0.0.2
 * </pre>
 *
 * <p>Time moves only in {@link #poll}. What ports are asked between two polls happens at the time
 * of the last one; whatever follows from it, callbacks included, comes in a later poll.
 *
 * <p>Owned by one thread, with all its hosts, paths and ports.
 */
public final class SimulatedNetwork {

  private record Direction(String from, String to) {}

  private final SplittableRandom seeds;
  private final LinkConditions conditions;
  private final ControlSettings controlSettings;
  private final Map<String, SimulatedHost> hosts = new LinkedHashMap<>();

  /** Looked up only, never iterated. */
  private final Map<InetAddress, SimulatedHost> hostsByAddress = new HashMap<>();

  private final Map<Direction, SimulatedPath> paths = new LinkedHashMap<>();
  private final List<SimulatedPath> pathList = new ArrayList<>();
  private final Timers timers = new Timers();
  private final ByteBuffer received = ByteBuffer.allocateDirect(ControlPort.MAX_MESSAGE_BYTES);
  private long nowNanos;
  private long nextChannel;

  /** A network of perfect paths, at time 0. */
  public SimulatedNetwork(long seed) {
    this(seed, LinkConditions.PERFECT, ControlSettings.DEFAULT);
  }

  /**
   * @param conditions of every path between two hosts until it is changed
   */
  public SimulatedNetwork(long seed, LinkConditions conditions, ControlSettings controlSettings) {
    seeds = new SplittableRandom(seed);
    this.conditions = conditions;
    this.controlSettings = controlSettings;
  }

  /** The host of this name; the first call makes it, with the next address of 10.0.0.0/16. */
  public SimulatedHost host(String name) {
    SimulatedHost known = hosts.get(name);
    if (known != null) {
      return known;
    }
    SimulatedHost host = new SimulatedHost(this, name, hosts.size() + 1, seeds.split());
    hosts.put(name, host);
    hostsByAddress.put(host.address(), host);
    return host;
  }

  /** The path in this direction; from a host to itself it is perfect. */
  public SimulatedPath path(String from, String to) {
    return path(host(from), host(to));
  }

  /** Cuts both directions from now on; what is in flight still arrives. */
  public void partition(String one, String other) {
    path(one, other).partition();
    path(other, one).partition();
  }

  public void heal(String one, String other) {
    path(one, other).heal();
    path(other, one).heal();
  }

  /**
   * Moves the time on and does what is due, in the order of its time. Hosts that answer each other
   * without end over paths without delay keep it from returning.
   *
   * @param nowNanos never less than before
   */
  public void poll(long nowNanos) {
    if (nowNanos < this.nowNanos) {
      throw new IllegalArgumentException(
          "Time went back from " + this.nowNanos + " to " + nowNanos);
    }
    for (long next = nextDeadlineNanos(); next <= nowNanos; next = nextDeadlineNanos()) {
      this.nowNanos = next;
      step(next);
    }
    this.nowNanos = nowNanos;
  }

  /** When {@link #poll} has something to do; {@code Long.MAX_VALUE} if never. */
  public long nextDeadlineNanos() {
    long next = timers.nextNanos();
    for (SimulatedPath path : pathList) {
      next = Math.min(next, path.nextArrivalNanos());
    }
    return next;
  }

  public long nowNanos() {
    return nowNanos;
  }

  ControlSettings controlSettings() {
    return controlSettings;
  }

  long newChannel() {
    nextChannel += 2;
    return nextChannel;
  }

  /** Later in virtual time, or in a later step of the same instant. */
  void after(long nanos, Runnable action) {
    timers.at(nowNanos + nanos, action);
  }

  Optional<SimulatedHost> hostAt(InetAddress address) {
    return Optional.ofNullable(hostsByAddress.get(address));
  }

  SimulatedPath path(SimulatedHost from, SimulatedHost to) {
    Direction direction = new Direction(from.name(), to.name());
    SimulatedPath known = paths.get(direction);
    if (known != null) {
      return known;
    }
    LinkConditions here = from == to ? LinkConditions.PERFECT : conditions;
    SimulatedPath path = new SimulatedPath(this, from, to, here, seeds.nextLong());
    paths.put(direction, path);
    pathList.add(path);
    return path;
  }

  /** The bytes as a port shows them: in memory that is used again for the next arrival. */
  ByteBuffer lend(byte[] bytes) {
    received.clear().put(bytes).flip();
    return received;
  }

  /** Timers go first, then the paths in the order in which they were made. */
  private void step(long dueNanos) {
    if (timers.nextNanos() == dueNanos) {
      timers.runNext();
      return;
    }
    for (SimulatedPath path : pathList) {
      if (path.nextArrivalNanos() == dueNanos) {
        path.deliverNext();
        return;
      }
    }
  }
}
