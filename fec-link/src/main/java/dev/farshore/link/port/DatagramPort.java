package dev.farshore.link.port;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Sends and receives datagrams. Owned by one thread, on which the handler is called too. */
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
     * The operating system refused it (unreachable, too large, no permission): it will not leave.
     */
    REFUSED
  }

  /** Takes what arrives. The buffer is the port's again when the call returns. */
  @FunctionalInterface
  interface Handler {
    void onDatagram(InetSocketAddress from, ByteBuffer datagram);
  }

  /**
   * Sends one datagram.
   *
   * @param datagram position to limit, at most {@link #maxDatagramBytes}; the caller's again on
   *     return
   */
  SendOutcome send(InetSocketAddress to, ByteBuffer datagram);

  /** Pushes out what {@link #send} may have gathered into a batch. */
  void flush();

  /**
   * Bytes that were given to our own kernel and, as far as it tells, have not left it yet: {@code
   * SIOCOUTQ}; -1 where that cannot be read.
   */
  long queuedBytes();

  /** Datagrams that the kernel reported as refused after it had taken them (ICMP errors). */
  long refusedLater();

  int maxDatagramBytes();

  InetSocketAddress localAddress();

  void handler(Handler handler);

  /** {@code listener} runs when sending may go on after {@link SendOutcome#BACK_PRESSURE}. */
  void writableListener(Runnable listener);

  @Override
  void close();
}
