package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.control.ControlCodec;
import dev.farshore.agent.mirror.control.ControlMessage;
import dev.farshore.agent.mirror.control.ControlMessage.Ping;
import dev.farshore.agent.mirror.control.ControlMessage.Pong;
import dev.farshore.agent.mirror.control.MalformedMessageException;
import dev.farshore.link.port.ControlPort;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A control port that speaks messages, answers pings, and notices a peer that has gone silent.
 * Messages wait in an inbox until their owner asks, so that nothing happens inside the port's
 * callbacks.
 */
final class ControlChannel {
  private static final long PING_NANOS = 500_000_000L;
  static final long SILENCE_NANOS = 5_000_000_000L;

  /**
   * What may wait here to be looked at: more than a portion of a tail in records of the smallest
   * size, which nobody paces.
   */
  private static final int MAX_INBOX_BYTES = 16 << 20;

  /** What a message costs besides its bytes. */
  private static final int MESSAGE_BYTES = 64;

  private final ControlPort port;
  private final NanoClock clock;
  private final Runnable wake;
  private final Queue<ByteBuffer> inbox = new ArrayDeque<>();
  private long inboxBytes;
  private String closedBecause;
  private long lastHeardNanos;
  private long lastPingNanos;
  private long pings;

  /**
   * @param wake called when something has arrived, so that the owner polls
   */
  ControlChannel(ControlPort port, NanoClock clock, Runnable wake) {
    this.port = port;
    this.clock = clock;
    this.wake = wake;
    this.lastHeardNanos = clock.nanoTime();
    this.lastPingNanos = lastHeardNanos;
    port.handler(
        new ControlPort.Handler() {
          @Override
          public void onMessage(ByteBuffer message) {
            arrived(message);
          }

          @Override
          public void onClosed(String reason) {
            closed(reason);
          }
        });
  }

  private void arrived(ByteBuffer message) {
    lastHeardNanos = clock.nanoTime();
    inboxBytes += message.remaining() + MESSAGE_BYTES;
    if (inboxBytes > MAX_INBOX_BYTES) {
      close("the peer sends faster than this site can follow");
      return;
    }
    inbox.add(ByteBuffer.allocate(message.remaining()).put(message).flip());
    wake.run();
  }

  private void closed(String reason) {
    if (closedBecause == null) {
      closedBecause = reason;
      wake.run();
    }
  }

  /**
   * The next message that is not a ping or pong; null if there is none now. What the peer sent
   * before it closed is still given.
   */
  ControlMessage receive() {
    ByteBuffer bytes = next();
    while (bytes != null) {
      try {
        ControlMessage message = ControlCodec.decode(bytes);
        if (message instanceof Ping ping) {
          send(new Pong(ping.number()));
        } else if (!(message instanceof Pong)) {
          return message;
        }
      } catch (MalformedMessageException e) {
        close("malformed message: " + e.getMessage());
        return null;
      }
      bytes = next();
    }
    return null;
  }

  private ByteBuffer next() {
    ByteBuffer bytes = inbox.poll();
    if (bytes != null) {
      inboxBytes -= bytes.remaining() + MESSAGE_BYTES;
    }
    return bytes;
  }

  /** Returns false if the channel is closed or full; the message is then not sent. */
  boolean send(ControlMessage message) {
    return closedBecause == null && port.send(ControlCodec.encode(message));
  }

  /** Sends a message that must not be lost; a channel that cannot take it is closed. */
  void sendOrClose(ControlMessage message) {
    if (!send(message)) {
      close("the peer does not read");
    }
  }

  void poll(long nowNanos) {
    if (closedBecause != null) {
      return;
    }
    if (nowNanos - lastHeardNanos > SILENCE_NANOS) {
      close("silent for " + SILENCE_NANOS / 1_000_000_000L + " s");
    } else if (nowNanos - lastPingNanos >= PING_NANOS) {
      lastPingNanos = nowNanos;
      send(new Ping(++pings));
    }
  }

  long nextDeadlineNanos() {
    return closedBecause == null ? lastPingNanos + PING_NANOS : Long.MAX_VALUE;
  }

  /** Whether something was heard of the peer within {@code nanos}. */
  boolean heardWithin(long nanos, long nowNanos) {
    return closedBecause == null && nowNanos - lastHeardNanos <= nanos;
  }

  boolean isOpen() {
    return closedBecause == null;
  }

  boolean hasMessages() {
    return !inbox.isEmpty();
  }

  /** Why the channel is closed; empty text while it is open. */
  String closeReason() {
    return closedBecause == null ? "" : closedBecause;
  }

  /** Ends the channel from this side; what has arrived and was not asked for is forgotten. */
  void close(String reason) {
    closed(reason);
    inbox.clear();
    inboxBytes = 0;
    port.close();
  }
}
