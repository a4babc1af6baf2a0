package dev.farshore.agent.mirror;

import dev.farshore.link.packet.Packet;
import dev.farshore.link.packet.PacketLayout;
import dev.farshore.link.packet.PacketReader;
import dev.farshore.link.port.DatagramPort;
import dev.farshore.link.session.LinkReceiver;
import dev.farshore.link.session.LinkSender;
import dev.farshore.link.session.LinkSettings;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Gives the datagrams of a site's one port to the link sessions that they belong to. Nothing is
 * ever answered to a datagram of an unknown session. Owned by the site's thread.
 */
public final class SessionRouter {

  /** Takes the datagrams of one session. */
  private interface Session {
    void onDatagram(InetSocketAddress from, ByteBuffer datagram, long nowNanos);
  }

  private final DatagramPort port;
  private final NanoClock clock;
  private final RandomGenerator entropy;
  private final Runnable wake;
  private final Map<Long, Session> sessions = new HashMap<>();
  private long strayDatagrams;

  /**
   * @param wake called when a datagram has been taken, so that its session is polled
   */
  public SessionRouter(DatagramPort port, NanoClock clock, RandomGenerator entropy, Runnable wake) {
    this.port = port;
    this.clock = clock;
    this.entropy = entropy;
    this.wake = wake;
    port.handler(this::onDatagram);
    port.writableListener(wake);
  }

  private void onDatagram(InetSocketAddress from, ByteBuffer datagram) {
    Session session = sessions.get(PacketLayout.sessionId(datagram));
    if (session == null) {
      strayDatagrams++;
    } else {
      session.onDatagram(from, datagram, clock.nanoTime());
      wake.run();
    }
  }

  /** An identity that no session of this site has now. */
  long newSessionId() {
    long id = entropy.nextLong();
    while (id == 0 || sessions.containsKey(id)) {
      id = entropy.nextLong();
    }
    return id;
  }

  LinkSender openSender(LinkSettings settings, long sessionId, InetSocketAddress peer) {
    LinkSender sender = new LinkSender(settings, sessionId, port, peer, clock.nanoTime());
    sessions.put(sessionId, (from, datagram, now) -> sender.onDatagram(datagram, now));
    return sender;
  }

  /**
   * A receiver that begins with the first packet of its session whose tag is right, and answers to
   * where that came from.
   */
  PendingReceiver openReceiver(LinkSettings settings, long sessionId) {
    PendingReceiver pending = new PendingReceiver(settings, sessionId);
    sessions.put(sessionId, pending);
    return pending;
  }

  /** Forgets a session; its datagrams are strays from now on. */
  void close(long sessionId) {
    sessions.remove(sessionId);
  }

  /** Datagrams that belonged to no session. */
  public long strayDatagrams() {
    return strayDatagrams;
  }

  /** Largest datagram of the port. */
  public int maxDatagramBytes() {
    return port.maxDatagramBytes();
  }

  /** A receiving session that may not have heard anything yet. */
  final class PendingReceiver implements Session {
    private final LinkSettings settings;
    private final long sessionId;
    private Optional<LinkReceiver> receiver = Optional.empty();

    private PendingReceiver(LinkSettings settings, long sessionId) {
      this.settings = settings;
      this.sessionId = sessionId;
    }

    @Override
    public void onDatagram(InetSocketAddress from, ByteBuffer datagram, long nowNanos) {
      if (receiver.isEmpty() && !comesFromSender(datagram)) {
        strayDatagrams++;
        return;
      }
      if (receiver.isEmpty()) {
        receiver = Optional.of(new LinkReceiver(settings, sessionId, port, from, nowNanos));
      }
      receiver.get().onDatagram(datagram, nowNanos);
    }

    /**
     * Whether its tag is right and it is of a kind that senders send: only then is its source taken
     * for the peer's address, and answered.
     */
    private boolean comesFromSender(ByteBuffer datagram) {
      return switch (new PacketReader(sessionId, settings.datagramBytes()).read(datagram)) {
        case Packet.Data data -> true;
        case Packet.Repair repair -> true;
        case Packet.Ping ping -> true;
        case Packet.Close close -> true;
        case Packet.Ack ack -> false;
        case Packet.Nak nak -> false;
        case Packet.Rejected rejected -> false;
      };
    }

    Optional<LinkReceiver> receiver() {
      return receiver;
    }

    long sessionId() {
      return sessionId;
    }

    /** Its datagrams are strays from now on; what it has taken stays. */
    void shut() {
      SessionRouter.this.close(sessionId);
    }
  }
}
