package dev.farshore.link.port;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * One end of a reliable, ordered channel of messages between two sites (TCP, later TLS). Owned by
 * one thread, on which the handler is called too, never from within a call of this interface.
 *
 * <p>Messages arrive whole, unharmed, once, in order, without a gap. When the channel breaks, what
 * was sent last may not have arrived. A channel breaks when either end closes it, when the other
 * process dies, when its bytes make no sense, and when nothing has come from the other end for
 * {@link ControlSettings#deadAfterNanos}.
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
   * Sends one message of at most {@link #MAX_MESSAGE_BYTES}; it leaves without a further call.
   *
   * @param message position to limit, which stay as they are; copied
   * @return false if the channel is closed or too much is waiting; the message is then not sent
   * @throws IllegalArgumentException if the message is too large
   */
  boolean send(ByteBuffer message);

  void handler(Handler handler);

  boolean isOpen();

  InetSocketAddress remoteAddress();

  /** What was sent before still leaves if it can; {@link Handler#onClosed} follows. */
  @Override
  void close();
}
