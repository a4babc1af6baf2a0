package dev.farshore.link.port;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Sends and receives datagrams. Owned by one thread, on which handler and listener are called too,
 * never from within a call of this interface.
 */
public interface DatagramPort extends AutoCloseable {

  /** What became of a datagram that was to be sent. */
  enum SendOutcome {
    /** Handed to the layer below, which may still lose it. */
    SENT,
    /**
     * The queue below is full; try again after {@link #writableListener} was called or a little
     * later.
     */
    BACK_PRESSURE,
    /**
     * The operating system refused it (unreachable, too large, no permission), or the port is
     * closed: it will not leave.
     */
    REFUSED
  }

  /** Takes what arrives. The buffer is the port's again when the call returns. */
  @FunctionalInterface
  interface Handler {
    void onDatagram(InetSocketAddress from, ByteBuffer datagram);
  }

  /**
   * Sends one datagram. It may wait in a batch, and die there with the process, until {@link
   * #flush}.
   *
   * @param datagram position to limit, which stay as they are; from 1 byte to {@link
   *     #maxDatagramBytes}, else it is refused; the caller's again on return
   */
  SendOutcome send(InetSocketAddress to, ByteBuffer datagram);

  /** Pushes out what {@link #send} may have gathered into a batch. */
  void flush();

  /**
   * Bytes that {@link #send} took and that, as far as our kernel tells, have not left this host:
   * those gathered into a batch, and those in the kernel's queue ({@code SIOCOUTQ}). The kernel
   * counts its own overhead per datagram, so that it may be more than was sent; 0 means that
   * nothing is left. -1 where that cannot be read.
   */
  long queuedBytes();

  /**
   * Bytes that {@link #send} has taken since the port was opened, for all its users. What {@link
   * #queuedBytes} does not hold of them has left this host or was refused.
   */
  long takenBytes();

  /**
   * Datagrams that the kernel reported as refused after it had taken them (ICMP errors, a batch
   * that it did not take). It may count less than there were, for the kernel folds reports
   * together.
   */
  long refusedLater();

  /** Largest datagram that is sent; larger ones that arrive are dropped. */
  int maxDatagramBytes();

  InetSocketAddress localAddress();

  /** Takes what arrives from now on; before the first call it is dropped. */
  void handler(Handler handler);

  /** {@code listener} runs when sending may go on after {@link SendOutcome#BACK_PRESSURE}. */
  void writableListener(Runnable listener);

  /** Datagrams in a batch are lost; nothing is received any more. */
  @Override
  void close();
}
