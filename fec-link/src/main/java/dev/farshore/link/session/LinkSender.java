package dev.farshore.link.session;

import dev.farshore.link.port.DatagramPort;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * The sending end of a session: takes an ordered stream of bytes, puts it into data packets with
 * repair packets beside them, resends what the code could not repair. A step function of one owner
 * thread; time comes in as an argument.
 */
public final class LinkSender {

  /**
   * @param sessionId agreed by both ends on the control channel; packets of other sessions are
   *     ignored
   */
  public LinkSender(
      LinkSettings settings,
      long sessionId,
      DatagramPort port,
      InetSocketAddress peer,
      long nowNanos) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Bytes that {@link #offer} takes now: the window's room. */
  public int writableBytes() {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * Appends bytes to the stream.
   *
   * @param bytes position to limit, at most {@link #writableBytes}; copied
   * @return stream offset after the last of them
   */
  public long offer(ByteBuffer bytes) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Stream offset after the last byte that was offered. */
  public long offeredOffset() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Stream offset up to which every byte has been handed to the wire at least once. */
  public long sentOffset() {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * Stream offset up to which the redundancy ack stands: data sent, and the repair packets of the
   * first {@code level} layers sent, apart in time as the burst promise demands.
   *
   * @param level 0 (the same as sent) to {@link CodeSettings#levels}
   */
  public long coveredOffset(int level) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Stream offset up to which the receiver has everything in order. */
  public long acknowledgedOffset() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** The latest report of the receiver; {@link Report#NONE} before the first. */
  public Report latestReport() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** When the latest ack came; {@code Long.MIN_VALUE} before the first. */
  public long lastAckNanos() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Smoothed round trip in nanoseconds; 0 before the first sample. */
  public long roundTripNanos() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Takes an ack, nak, ping or close of this session; anything else is counted and dropped. */
  public void onDatagram(ByteBuffer datagram, long nowNanos) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Sends what pacing, window and port allow. */
  public void poll(long nowNanos) {
    throw new UnsupportedOperationException("not built yet");
  }

  public long nextDeadlineNanos() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Tells the receiver that the stream is over; best effort. */
  public void close(long nowNanos) {
    throw new UnsupportedOperationException("not built yet");
  }

  public LinkStatistics statistics() {
    throw new UnsupportedOperationException("not built yet");
  }
}
