package dev.farshore.link.model;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * One direction of a path together with the packets that are on it. A step function; owned by one
 * thread. Makes no objects once as many packets were on it at a time as ever will be.
 *
 * @param <P> a packet
 */
public final class Wire<P> {

  /** Takes what comes out at the far end. */
  @FunctionalInterface
  public interface Exit<P> {
    /**
     * @param last false if the same packet object comes out once more
     */
    void onArrival(P packet, Damage damage, boolean last);
  }

  /** A packet that will arrive at least once. */
  private static final class Packet<P> {
    P packet;
    int bytes;
    int toCome;
    boolean arrived;
  }

  /** One arrival to come. */
  private static final class Flight<P> {
    long atNanos;
    long number;
    Packet<P> packet;
    Damage damage;
  }

  private static final Comparator<Flight<?>> FIRST_OUT =
      (a, b) -> {
        int byTime = Long.compare(a.atNanos - b.atNanos, 0);
        return byTime != 0 ? byTime : Long.compare(a.number, b.number);
      };

  private final LinkModel model;

  /** Flights in the order of arrival: nearly all of them, for few packets overtake others. */
  private final ArrayDeque<Flight<P>> inOrder = new ArrayDeque<>();

  private final PriorityQueue<Flight<P>> outOfOrder = new PriorityQueue<>(FIRST_OUT);

  /** What came out, to be used again. */
  private final ArrayDeque<Flight<P>> freeFlights = new ArrayDeque<>();

  private final ArrayDeque<Packet<P>> freePackets = new ArrayDeque<>();
  private long nextNumber;

  public Wire(LinkModel model) {
    this.model = model;
  }

  /** The path itself; it is asked only through this wire. */
  public LinkModel model() {
    return model;
  }

  /**
   * A packet comes to the entrance.
   *
   * @return false if it will not arrive; the wire then keeps nothing of it
   */
  public boolean offer(P packet, int payloadBytes, long nowNanos) {
    int arrivals = model.admit(payloadBytes, nowNanos);
    if (arrivals == 0) {
      return false;
    }
    Packet<P> entered = freePackets.isEmpty() ? new Packet<>() : freePackets.removeLast();
    entered.packet = packet;
    entered.bytes = payloadBytes;
    entered.toCome = arrivals;
    entered.arrived = false;
    for (int i = 0; i < arrivals; i++) {
      enter(entered, model.arrivalNanos(i), model.arrivalDamage(i));
    }
    return true;
  }

  private void enter(Packet<P> packet, long atNanos, Damage damage) {
    Flight<P> flight = freeFlights.isEmpty() ? new Flight<>() : freeFlights.removeLast();
    flight.atNanos = atNanos;
    flight.number = nextNumber++;
    flight.packet = packet;
    flight.damage = damage;
    Flight<P> last = inOrder.peekLast();
    if (last == null || atNanos - last.atNanos >= 0) {
      inOrder.addLast(flight);
    } else {
      outOfOrder.add(flight);
    }
  }

  /**
   * Hands out the next packet if it is due.
   *
   * @return false if none is
   */
  public boolean deliver(long nowNanos, Exit<P> exit) {
    Flight<P> next = first();
    if (next == null || next.atNanos - nowNanos > 0) {
      return false;
    }
    Packet<P> packet = next.packet;
    Damage damage = next.damage;
    P content = packet.packet;
    remove(next);
    packet.toCome--;
    packet.arrived = true;
    boolean last = packet.toCome == 0;
    if (last) {
      free(packet);
    }
    exit.onArrival(content, damage, last);
    return true;
  }

  public boolean isEmpty() {
    return first() == null;
  }

  /** When the next packet arrives; {@code Long.MAX_VALUE} if none is on the wire. */
  public long nextArrivalNanos() {
    Flight<P> next = first();
    return next == null ? Long.MAX_VALUE : next.atNanos;
  }

  /** Flights on the wire. */
  public int inFlight() {
    return inOrder.size() + outOfOrder.size();
  }

  /**
   * Cuts the wire: everything queued or in flight is lost, each packet shown once to {@code lost}.
   */
  public void sever(Consumer<P> lost) {
    for (Flight<P> flight = first(); flight != null; flight = first()) {
      Packet<P> packet = flight.packet;
      remove(flight);
      packet.toCome--;
      if (packet.toCome == 0) {
        if (!packet.arrived) {
          model.severed(packet.bytes);
        }
        P content = packet.packet;
        free(packet);
        lost.accept(content);
      }
    }
  }

  private Flight<P> first() {
    Flight<P> ordered = inOrder.peekFirst();
    Flight<P> other = outOfOrder.peek();
    if (ordered == null || other == null) {
      return ordered == null ? other : ordered;
    }
    return FIRST_OUT.compare(ordered, other) <= 0 ? ordered : other;
  }

  private void remove(Flight<P> first) {
    if (inOrder.peekFirst() == first) {
      inOrder.removeFirst();
    } else {
      outOfOrder.remove();
    }
    first.packet = null;
    freeFlights.addLast(first);
  }

  private void free(Packet<P> packet) {
    packet.packet = null;
    freePackets.addLast(packet);
  }
}
