package dev.farshore.link.session;

import dev.farshore.link.packet.PacketLayout;
import dev.farshore.link.port.DatagramPort;
import dev.farshore.link.port.DatagramPort.SendOutcome;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Where a sender's datagrams leave: numbers them, paces them, and waits when the port did not take
 * one. Owned by the sender's thread.
 */
final class Outlet {

  private static final long BACK_PRESSURE_NANOS = 500_000;
  private static final long FIRST_REFUSAL_NANOS = 10_000_000;
  private static final long FIRST_LATE_REFUSAL_NANOS = 1_000_000;
  private static final int MAX_BACKOFF = 6;

  private final DatagramPort port;
  private final InetSocketAddress peer;
  private final Pacer pacer;
  private long number;
  private long wireBytes;
  private long refused;
  private int refusedInRow;
  private long retryNanos = Deadline.NONE;
  private boolean used;

  Outlet(DatagramPort port, InetSocketAddress peer, LinkSettings settings, long nowNanos) {
    this.port = port;
    this.peer = peer;
    this.pacer =
        new Pacer(
            settings.rateBitsPerSecond(),
            settings.datagramBytes() + PacketLayout.WIRE_OVERHEAD_BYTES,
            nowNanos);
  }

  /** The number that the next datagram must carry. */
  long nextNumber() {
    return number;
  }

  /** The number of the datagram that was sent last. */
  long lastNumber() {
    return number - 1;
  }

  /** Sends a datagram that carries {@link #nextNumber}. */
  SendOutcome send(ByteBuffer datagram, long nowNanos) {
    int bytes = datagram.remaining() + PacketLayout.WIRE_OVERHEAD_BYTES;
    SendOutcome outcome = port.send(peer, datagram);
    switch (outcome) {
      case SENT -> {
        number++;
        wireBytes += bytes;
        retryNanos = Deadline.NONE;
        used = true;
        pacer.onSent(bytes, nowNanos);
      }
      case BACK_PRESSURE -> retryNanos = nowNanos + BACK_PRESSURE_NANOS;
      case REFUSED -> {
        // A number that may have left in part is never used again.
        number++;
        refused++;
        backOff(FIRST_REFUSAL_NANOS, nowNanos);
      }
    }
    return outcome;
  }

  /** Our kernel refused something that the port had taken: more would fare no better now. */
  void onRefusedLater(long nowNanos) {
    backOff(FIRST_LATE_REFUSAL_NANOS, nowNanos);
  }

  /** Something left this host, and nothing was refused. */
  void onLeft() {
    refusedInRow = Math.max(0, refusedInRow - 1);
  }

  private void backOff(long firstNanos, long nowNanos) {
    retryNanos = nowNanos + (firstNanos << refusedInRow);
    refusedInRow = Math.min(refusedInRow + 1, MAX_BACKOFF);
  }

  void flush() {
    if (used) {
      port.flush();
      used = false;
    }
  }

  /** Whether pacing and port may take a datagram now. */
  boolean isReady(long nowNanos) {
    return pacer.isReady(nowNanos)
        && (retryNanos == Deadline.NONE || Deadline.isPast(retryNanos, nowNanos));
  }

  /** From when on {@link #isReady}. */
  long readyNanos() {
    return retryNanos == Deadline.NONE
        ? pacer.readyNanos()
        : Deadline.later(pacer.readyNanos(), retryNanos);
  }

  /** From when on pacing has capacity to spare. */
  long idleNanos() {
    return pacer.idleNanos();
  }

  long wireBytes() {
    return wireBytes;
  }

  long refused() {
    return refused;
  }
}
