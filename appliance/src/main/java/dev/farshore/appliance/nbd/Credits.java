package dev.farshore.appliance.nbd;

import dev.farshore.appliance.nbd.CreditPool.Ticket;
import java.util.Optional;

/**
 * What one connection may hold in memory for its requests. Three sources, so that clients who hold
 * much, or never take their replies, do not stop the others:
 *
 * <ul>
 *   <li>guaranteed: the first few bytes, which every connection has for itself;
 *   <li>shared: the large pool, first come first served;
 *   <li>moderate: a smaller pool for requests that are not large, of connections that do not hold
 *       much of it already.
 * </ul>
 *
 * <p>One request at a time asks: what is refused is asked for again when {@code resume} was called
 * or some of the connection's own bytes came back. Asking for another number of bytes leaves the
 * line.
 *
 * <p>Owned by the server's loop.
 */
final class Credits implements AutoCloseable {

  /** Where a request's bytes came from, to be told when they go back. */
  enum Source {
    /** Refused for now. */
    NONE,
    GUARANTEED,
    MODERATE,
    SHARED
  }

  /** The pools of a server and what one connection may have of them. */
  record Pools(CreditPool shared, CreditPool moderate, CreditLimits limits) {
    static Pools of(CreditLimits limits) {
      return new Pools(new CreditPool(limits.shared()), new CreditPool(limits.moderate()), limits);
    }

    long taken() {
      return shared.taken() + moderate.taken();
    }

    boolean contended() {
      return shared.contended() || moderate.contended();
    }
  }

  private final Pools pools;
  private final Runnable resume;
  private long guaranteed;
  private long moderate;
  private long shared;
  private Optional<Ticket> ticket = Optional.empty();
  private Source ticketSource = Source.NONE;

  Credits(Pools pools, Runnable resume) {
    this.pools = pools;
    this.resume = resume;
  }

  /**
   * Asks for the bytes of a request.
   *
   * @param bytes at most the limit of a connection
   */
  Source take(long bytes) {
    CreditLimits limits = pools.limits;
    if (ticket.isPresent() && ticket.get().bytes() != bytes) {
      close();
    }
    if (ticket.isPresent()) {
      return ticket.get().granted() ? redeem() : Source.NONE;
    }
    if (guaranteed + bytes <= limits.guaranteed()) {
      guaranteed += bytes;
      return Source.GUARANTEED;
    }
    if (held() + bytes > limits.connection()) {
      return Source.NONE;
    }
    if (pools.shared.tryTake(bytes)) {
      shared += bytes;
      return Source.SHARED;
    }
    boolean mayBeModerate = moderate + bytes <= limits.moderateConnection();
    if (mayBeModerate && pools.moderate.tryTake(bytes)) {
      moderate += bytes;
      return Source.MODERATE;
    }
    ticketSource = mayBeModerate ? Source.MODERATE : Source.SHARED;
    ticket = Optional.of(pool(ticketSource).stand(bytes, resume));
    return Source.NONE;
  }

  private Source redeem() {
    long bytes = ticket.orElseThrow().bytes();
    ticket = Optional.empty();
    if (ticketSource == Source.MODERATE) {
      moderate += bytes;
    } else {
      shared += bytes;
    }
    return ticketSource;
  }

  /** Gives back everything of a debt. */
  void settle(Debt debt) {
    for (Source source : Debt.SOURCES) {
      if (debt.bytes(source) > 0) {
        give(source, debt.bytes(source));
      }
    }
  }

  /** Gives bytes back to where they came from. */
  void give(Source source, long bytes) {
    switch (source) {
      case GUARANTEED -> guaranteed -= bytes;
      case MODERATE -> moderate -= bytes;
      case SHARED -> shared -= bytes;
      case NONE -> throw new IllegalArgumentException("nothing was taken");
    }
    if (guaranteed < 0 || moderate < 0 || shared < 0) {
      throw new IllegalStateException("more bytes came back than went out");
    }
    if (source != Source.GUARANTEED) {
      pool(source).give(bytes);
    }
  }

  /** Bytes that the connection holds. */
  long held() {
    return guaranteed + moderate + shared;
  }

  /** Whether a request of this connection stands in line. */
  boolean waiting() {
    return ticket.isPresent();
  }

  /** Leaves the line. What is held is still to be given back. */
  @Override
  public void close() {
    ticket.ifPresent(standing -> pool(ticketSource).leave(standing));
    ticket = Optional.empty();
  }

  private CreditPool pool(Source source) {
    return source == Source.MODERATE ? pools.moderate : pools.shared;
  }
}
