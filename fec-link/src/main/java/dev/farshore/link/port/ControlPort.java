package dev.farshore.link.port;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * One end of a reliable, ordered channel of messages between two sites (TCP, later TLS). Owned by
 * one thread, on which the handler is called too.
 */
public interface ControlPort extends AutoCloseable {

  /** Largest message, in bytes. */
  int MAX_MESSAGE_BYTES = 1 << 20;

  /** Takes what the other end sends. */
  interface Handler {
    /** The buffer is the port's again when the call returns. */
    void onMessage(ByteBuffer message);

    /**
     * The channel is gone; nothing more comes. Called once, also after {@link ControlPort#close}.
     */
    void onClosed(String reason);
  }

  /**
   * Sends one message of at most {@link #MAX_MESSAGE_BYTES}.
   *
   * @return false if the channel is closed or too much is waiting; the message is then not sent
   */
  boolean send(ByteBuffer message);

  void handler(Handler handler);

  boolean isOpen();

  InetSocketAddress remoteAddress();

  @Override
  void close();
}
