package dev.farshore.emulab.wan;

import dev.farshore.link.model.Damage;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.LinkModel;
import dev.farshore.link.model.Wire;
import dev.farshore.link.port.DatagramPort.SendOutcome;
import dev.farshore.link.udp.UdpPort;
import dev.farshore.link.udp.UdpSettings;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Passes datagrams on, packet by packet. For each address that talks to it there is a socket of its
 * own towards the far end, as behind a NAT. Owned by the event loop.
 */
final class UdpRelay {

  private static final int MAX_CLIENTS = 256;
  private static final int MAX_DATAGRAM_BYTES = 65_507;
  private static final long FORGOTTEN_NANOS = 300_000_000_000L;
  private static final int BUFFER_BYTES = 16 << 20;

  /**
   * More than a socket's buffer holds, which the kernel makes twice as large and takes at least
   * half a kilobyte of for each: a source that goes on sending does not keep an entrance open.
   */
  private static final int MOST_WAITING = 2 * BUFFER_BYTES / 512;

  private final EventLoop loop;
  private final UdpPort front;
  private final InetSocketAddress to;
  private final Wire<Parcel> forward;
  private final Wire<Parcel> backward;
  private final ParcelPool parcels;
  private final Lateness lateness = new Lateness();
  private final Pace pace;
  private final Map<InetSocketAddress, UdpClient> clients = new LinkedHashMap<>();
  private final ByteBuffer damaged = ByteBuffer.allocateDirect(MAX_DATAGRAM_BYTES);
  private final long[] notSent = new long[Direction.values().length];
  private final long[] noMemory = new long[Direction.values().length];
  private PortLosses forgotten = PortLosses.NONE;
  private long turnedAway;

  private UdpRelay(
      EventLoop loop,
      UdpPort front,
      InetSocketAddress to,
      Map<Direction, LinkConditions> conditions,
      long seed) {
    this.loop = loop;
    this.front = front;
    this.to = to;
    forward = new Wire<>(new LinkModel(conditions.get(Direction.FORWARD), seed));
    backward = new Wire<>(new LinkModel(conditions.get(Direction.BACKWARD), ~seed));
    pace = new Pace(loop, this::step);
    // Direct memory may grow to the heap's maximum.
    parcels = new ParcelPool(Runtime.getRuntime().maxMemory() / 4 * 3);
    front.handler(this::fromClient);
  }

  /**
   * To be called on the thread of the loop.
   *
   * @throws java.io.UncheckedIOException if the listening address cannot be had
   */
  static UdpRelay open(
      EventLoop loop, WanSettings settings, Map<Direction, LinkConditions> conditions) {
    UdpPort front = UdpPort.open(loop, settings.listen(), settings());
    return new UdpRelay(loop, front, settings.to(), conditions, settings.seed());
  }

  /** Where it listens; from any thread. */
  InetSocketAddress listening() {
    return front.localAddress();
  }

  /** What orders are carried out on. */
  Way<Parcel> way(Direction direction) {
    return new Way<>(wire(direction));
  }

  /** What our kernel holds has come to the entrance, although it has not been read yet. */
  void closeEntrance(Direction direction) {
    sources(direction).forEach(source -> source.readNow(MOST_WAITING));
    way(direction).entrance(false);
  }

  /** Where the datagrams of a direction come in; the others' way out. */
  private List<UdpPort> sources(Direction direction) {
    return direction == Direction.FORWARD
        ? List.of(front)
        : clients.values().stream().map(UdpClient::upstream).toList();
  }

  void sever(Direction direction) {
    way(direction).sever(parcels::giveBack);
  }

  static UdpSettings settings() {
    return new UdpSettings(
        MAX_DATAGRAM_BYTES, BUFFER_BYTES, BUFFER_BYTES, UdpSettings.Segmentation.RUNS);
  }

  private void fromClient(InetSocketAddress from, ByteBuffer datagram) {
    long nowNanos = System.nanoTime();
    UdpClient client = clients.get(from);
    if (client == null) {
      client = welcome(from, nowNanos);
    }
    if (client != null) {
      client.heard(nowNanos);
      enter(Direction.FORWARD, client, datagram, nowNanos);
    }
  }

  private UdpClient welcome(InetSocketAddress from, long nowNanos) {
    if (clients.size() == MAX_CLIENTS && !forgetSilent(nowNanos)) {
      turnedAway++;
      return null;
    }
    UdpPort upstream = UdpPort.open(loop, new InetSocketAddress(anyOf(to), 0), settings());
    UdpClient client = new UdpClient(from, upstream);
    upstream.handler(
        (sender, datagram) -> {
          if (sender.equals(to)) {
            long heardNanos = System.nanoTime();
            client.heard(heardNanos);
            enter(Direction.BACKWARD, client, datagram, heardNanos);
          }
        });
    clients.put(from, client);
    return client;
  }

  private boolean forgetSilent(long nowNanos) {
    boolean some = false;
    for (Iterator<UdpClient> each = clients.values().iterator(); each.hasNext(); ) {
      UdpClient client = each.next();
      if (client.silentNanos(nowNanos) > FORGOTTEN_NANOS) {
        client.upstream().close();
        forgotten = forgotten.and(PortLosses.of(client.upstream()));
        each.remove();
        some = true;
      }
    }
    return some;
  }

  private static InetAddress anyOf(InetSocketAddress address) {
    try {
      return InetAddress.getByAddress(new byte[address.getAddress().getAddress().length]);
    } catch (UnknownHostException e) {
      throw new AssertionError("As many bytes as an address has", e);
    }
  }

  private void enter(Direction direction, UdpClient client, ByteBuffer datagram, long nowNanos) {
    int bytes = datagram.remaining();
    Parcel parcel = parcels.take(bytes);
    if (parcel == null) {
      noMemory[direction.ordinal()]++;
      return;
    }
    parcel.fill(client, datagram);
    if (wire(direction).offer(parcel, bytes, nowNanos)) {
      pace.at(nextNanos());
    } else {
      parcels.giveBack(parcel);
    }
  }

  private Wire<Parcel> wire(Direction direction) {
    return direction == Direction.FORWARD ? forward : backward;
  }

  /** When something comes out at an end. */
  private long nextNanos() {
    return Pace.earlier(forward.nextArrivalNanos(), backward.nextArrivalNanos());
  }

  /** Hands on what has come out. */
  private long step(long nowNanos) {
    for (Direction direction : Direction.values()) {
      Wire<Parcel> wire = wire(direction);
      long dueNanos = wire.nextArrivalNanos();
      while (dueNanos != Long.MAX_VALUE && dueNanos - nowNanos <= 0) {
        lateness.record(nowNanos - dueNanos);
        wire.deliver(nowNanos, (parcel, damage, last) -> handOn(direction, parcel, damage, last));
        dueNanos = wire.nextArrivalNanos();
      }
    }
    front.flush();
    clients.values().forEach(client -> client.upstream().flush());
    return nextNanos();
  }

  private void handOn(Direction direction, Parcel parcel, Damage damage, boolean last) {
    ByteBuffer bytes = parcel.bytes();
    if (!damage.isNone()) {
      bytes = damaged.clear().put(bytes.duplicate()).flip();
      damage.applyTo(bytes);
    }
    SendOutcome outcome =
        direction == Direction.FORWARD
            ? parcel.client().upstream().send(to, bytes)
            : front.send(parcel.clientAddress(), bytes);
    if (outcome != SendOutcome.SENT) {
      notSent[direction.ordinal()]++;
    }
    if (last) {
      parcels.giveBack(parcel);
    }
  }

  Map<Direction, WanReport.Udp> report() {
    Map<Direction, WanReport.Udp> ways = new EnumMap<>(Direction.class);
    for (Direction direction : Direction.values()) {
      Wire<Parcel> wire = wire(direction);
      PortLosses in = losses(direction);
      PortLosses out = losses(direction.opposite());
      ways.put(
          direction,
          new WanReport.Udp(
              wire.model().isEntranceOpen(),
              wire.model().counters(),
              wire.inFlight(),
              new WanReport.Faults(
                  in.notRead(),
                  noMemory[direction.ordinal()],
                  notSent[direction.ordinal()] + out.notTaken(),
                  out.refused())));
    }
    return ways;
  }

  /** Of the sockets at which a direction comes in. */
  private PortLosses losses(Direction direction) {
    PortLosses losses = direction == Direction.FORWARD ? PortLosses.NONE : forgotten;
    for (UdpPort port : sources(direction)) {
      losses = losses.and(PortLosses.of(port));
    }
    return losses;
  }

  WanReport.Clients clients() {
    return new WanReport.Clients(
        clients.size(), turnedAway, lateness.atPercentile(50), lateness.atPercentile(99));
  }

  void close() {
    front.close();
    clients.values().forEach(client -> client.upstream().close());
  }
}
