package dev.farshore.link.session;

import dev.farshore.link.port.DatagramPort;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * The receiving end of a session: repairs losses from repair packets, asks for what the code cannot
 * repair, and gives the stream out in order. A step function of one owner thread.
 */
public final class LinkReceiver {

  public LinkReceiver(
      LinkSettings settings,
      long sessionId,
      DatagramPort port,
      InetSocketAddress peer,
      long nowNanos) {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * Takes a data, repair, ping or close packet of this session; anything else is counted and
   * dropped.
   */
  public void onDatagram(ByteBuffer datagram, long nowNanos) {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * The next bytes of the stream, in order; empty if none are here. Bytes that are not consumed
   * hold back the sender.
   *
   * @return position to limit, valid until the next call of {@link #consume}
   */
  public ByteBuffer peek() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Says that the first {@code bytes} bytes that {@link #peek} showed are done with. */
  public void consume(int bytes) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Stream offset of the next byte that {@link #peek} shows. */
  public long consumedOffset() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** What every ack from now on carries. An advance of {@code mirrored} is acknowledged at once. */
  public void report(Report report) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** When the last packet of this session arrived. */
  public long lastArrivalNanos() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Whether packets are missing before others that are here. */
  public boolean hasGap() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Sends acks and naks that are due. */
  public void poll(long nowNanos) {
    throw new UnsupportedOperationException("not built yet");
  }

  public long nextDeadlineNanos() {
    throw new UnsupportedOperationException("not built yet");
  }

  public LinkStatistics statistics() {
    throw new UnsupportedOperationException("not built yet");
  }
}
