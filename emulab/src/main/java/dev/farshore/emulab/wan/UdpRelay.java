package dev.farshore.emulab.wan;

import dev.farshore.link.model.Damage;
import dev.farshore.link.model.Wire;
import dev.farshore.link.port.DatagramPort.SendOutcome;
import dev.farshore.link.udp.UdpPort;
import dev.farshore.link.udp.UdpSettings;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Passes datagrams on, packet by packet. For each address that talks to it there is a socket of its
 * own towards the far end, as behind a NAT. Owned by the event loop.
 */
final class UdpRelay {

  private static final int MAX_CLIENTS = 256;
  private static final int MAX_DATAGRAM_BYTES = 65_507;
  private static final long FORGOTTEN_NANOS = 300_000_000_000L;

  private final EventLoop loop;
  private final UdpPort front;
  private final InetSocketAddress to;
  private final Wire<Parcel> forward;
  private final Wire<Parcel> backward;
  private final ParcelPool parcels;
  private final Lateness lateness;
  private final Runnable wake;
  private final Map<InetSocketAddress, UdpClient> clients = new LinkedHashMap<>();
  private final ByteBuffer damaged = ByteBuffer.allocateDirect(MAX_DATAGRAM_BYTES);
  private final long[] notSent = new long[Direction.values().length];
  private final long[] noMemory = new long[Direction.values().length];
  private long noRoomForClient;

  /**
   * @param wake called when something has entered a wire
   */
  UdpRelay(
      EventLoop loop,
      UdpPort front,
      InetSocketAddress to,
      Wire<Parcel> forward,
      Wire<Parcel> backward,
      Lateness lateness,
      Runnable wake) {
    this.loop = loop;
    this.front = front;
    this.to = to;
    this.forward = forward;
    this.backward = backward;
    this.lateness = lateness;
    this.wake = wake;
    // Direct memory may grow to the heap's maximum.
    parcels = new ParcelPool(Runtime.getRuntime().maxMemory() / 4 * 3);
    front.handler(this::fromClient);
  }

  static UdpSettings settings() {
    return new UdpSettings(MAX_DATAGRAM_BYTES, 16 << 20, 16 << 20, UdpSettings.Segmentation.RUNS);
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
      noRoomForClient++;
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
      wake.run();
    } else {
      parcels.giveBack(parcel);
    }
  }

  Wire<Parcel> wire(Direction direction) {
    return direction == Direction.FORWARD ? forward : backward;
  }

  /** When something comes out at an end. */
  long nextNanos() {
    long one = forward.nextArrivalNanos();
    long other = backward.nextArrivalNanos();
    return one == Long.MAX_VALUE || (other != Long.MAX_VALUE && other - one < 0) ? other : one;
  }

  /** Hands on what has come out. */
  void poll(long nowNanos) {
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

  /** Came out, but our own kernel did not take it. */
  long notSent(Direction direction) {
    return notSent[direction.ordinal()];
  }

  /** Did not enter, because this process had no memory left for it. */
  long noMemory(Direction direction) {
    return noMemory[direction.ordinal()];
  }

  int clients() {
    return clients.size();
  }

  /** Datagrams of addresses beyond the most that are served. */
  long noRoomForClient() {
    return noRoomForClient;
  }

  void close() {
    front.close();
    clients.values().forEach(client -> client.upstream().close());
  }
}
