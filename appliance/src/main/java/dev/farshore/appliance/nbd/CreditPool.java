package dev.farshore.appliance.nbd;

import java.util.ArrayDeque;

/**
 * A number of bytes that connections share. Who asks for more than is left stands in line, so that
 * large requests are not passed by small ones for ever.
 *
 * <p>Owned by the server's loop.
 */
final class CreditPool {

  /** A place in the line. */
  static final class Ticket {
    private final long bytes;
    private final Runnable called;
    private boolean granted;

    private Ticket(long bytes, Runnable called) {
      this.bytes = bytes;
      this.called = called;
    }

    /** Whether the bytes were taken for the holder of this ticket. */
    boolean granted() {
      return granted;
    }

    long bytes() {
      return bytes;
    }
  }

  private final long capacity;
  private final ArrayDeque<Ticket> line = new ArrayDeque<>();
  private long free;

  CreditPool(long capacity) {
    this.capacity = capacity;
    this.free = capacity;
  }

  /** Takes bytes if nobody is in line for them. */
  boolean tryTake(long bytes) {
    if (!line.isEmpty() || bytes > free) {
      return false;
    }
    free -= bytes;
    return true;
  }

  /**
   * Gets in line.
   *
   * @param bytes at most the pool's capacity
   * @param called run when the bytes were taken for the ticket's holder, from within another's
   *     {@link #give}: it may not take or give
   */
  Ticket stand(long bytes, Runnable called) {
    if (bytes > capacity) {
      throw new IllegalArgumentException(bytes + " bytes of a pool of " + capacity);
    }
    Ticket ticket = new Ticket(bytes, called);
    line.addLast(ticket);
    return ticket;
  }

  /** Leaves the line, or gives back what was granted. */
  void leave(Ticket ticket) {
    if (ticket.granted) {
      give(ticket.bytes);
    } else {
      line.remove(ticket);
      serve();
    }
  }

  void give(long bytes) {
    free += bytes;
    if (free > capacity) {
      throw new IllegalStateException("more bytes came back than went out");
    }
    serve();
  }

  /** Bytes that are out. */
  long taken() {
    return capacity - free;
  }

  boolean contended() {
    return !line.isEmpty();
  }

  private void serve() {
    while (!line.isEmpty() && line.peekFirst().bytes <= free) {
      Ticket ticket = line.removeFirst();
      free -= ticket.bytes;
      ticket.granted = true;
      ticket.called.run();
    }
  }
}
