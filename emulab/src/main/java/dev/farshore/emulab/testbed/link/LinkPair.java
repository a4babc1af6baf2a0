package dev.farshore.emulab.testbed.link;

import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.SimulatedHost;
import dev.farshore.link.model.SimulatedNetwork;
import dev.farshore.link.model.SimulatedPath;
import dev.farshore.link.port.ControlSettings;
import dev.farshore.link.port.DatagramPort;
import dev.farshore.link.session.LinkReceiver;
import dev.farshore.link.session.LinkSender;
import dev.farshore.link.session.LinkSettings;
import java.nio.ByteBuffer;

/**
 * Sender and receiver of one session, in virtual time from 0 on. What happens follows from the
 * settings, the seed and the calls. Owned by one thread.
 */
public final class LinkPair {

  /** The session, for those who read its datagrams. */
  public static final long SESSION = 4711;

  private static final int PORT = 1000;

  /** Two events are never closer; so no step of the time is in vain. */
  private static final long LEAST_STEP_NANOS = 1000;

  private final SimulatedNetwork network;
  private final SimulatedHost west;
  private final LinkSender sender;
  private final LinkReceiver receiver;
  private final Writer writer;
  private boolean alive = true;
  private long deliveredBytes;
  private long now;

  /**
   * @param conditions of both directions
   */
  public LinkPair(LinkSettings settings, LinkConditions conditions, Writer writer, long seed) {
    this.writer = writer;
    network = new SimulatedNetwork(seed, conditions, ControlSettings.DEFAULT);
    west = network.host("west");
    SimulatedHost east = network.host("east");
    DatagramPort out = west.datagrams(PORT, settings.datagramBytes());
    DatagramPort in = east.datagrams(PORT, settings.datagramBytes());
    sender = new LinkSender(settings, SESSION, out, east.address(PORT), now);
    receiver = new LinkReceiver(settings, SESSION, in, west.address(PORT), now);
    out.handler((from, datagram) -> sender.onDatagram(datagram, network.nowNanos()));
    in.handler((from, datagram) -> receiver.onDatagram(datagram, network.nowNanos()));
  }

  public LinkSender sender() {
    return sender;
  }

  public LinkReceiver receiver() {
    return receiver;
  }

  /** From sender to receiver. */
  public SimulatedPath forward() {
    return network.path("west", "east");
  }

  /** How far time has passed. */
  public long nowNanos() {
    return now;
  }

  /** The time for callbacks of the session: that of the arrival which brought them about. */
  long timeNanos() {
    return network.nowNanos();
  }

  /** Stream bytes that the receiver has given out. */
  public long deliveredBytes() {
    return deliveredBytes;
  }

  /** Nothing enters the path any more, and the sender is gone. */
  public void strike() {
    forward().closeEntrance();
    west.powerOff();
    alive = false;
  }

  /** Lets time pass. */
  public void run(long untilNanos) {
    while (now < untilNanos) {
      network.poll(now);
      long next = untilNanos;
      if (alive) {
        next = Math.min(next, writer.write(sender, now));
        sender.poll(now);
        next = Math.min(next, sender.nextDeadlineNanos());
      }
      deliver();
      receiver.poll(now);
      next = Math.min(next, receiver.nextDeadlineNanos());
      network.poll(now);
      next = Math.min(next, network.nextDeadlineNanos());
      now = Math.min(untilNanos, Math.max(now + LEAST_STEP_NANOS, next));
    }
  }

  private void deliver() {
    ByteBuffer bytes = receiver.peek();
    while (bytes.hasRemaining()) {
      deliveredBytes += bytes.remaining();
      receiver.consume(bytes.remaining());
      bytes = receiver.peek();
    }
  }
}
