package dev.farshore.link.session;

import dev.farshore.link.packet.ArrivalCounts;
import dev.farshore.link.packet.Packet;

/**
 * What the sender learned from acks. They may come late, twice and in any order, so nothing of it
 * ever falls. Owned by the sender's thread.
 */
final class Feedback {

  private static final long LONGEST_HOLD_MICROS = 60_000_000;

  private final RoundTrip roundTrip;
  private long windowEdge;
  private Report report = Report.NONE;
  private ArrivalCounts arrival = ArrivalCounts.NONE;
  private long lastAckNanos = Long.MIN_VALUE;
  private long lastNumber = -1;
  private long largestArrived = -1;
  private int lastEcho;
  private boolean echoed;

  /**
   * @param windowEdge up to which stream offset the receiver has room at the beginning
   */
  Feedback(RoundTrip roundTrip, long windowEdge) {
    this.roundTrip = roundTrip;
    this.windowEdge = windowEdge;
  }

  void onAck(Packet.Ack ack, long nowNanos) {
    windowEdge = Math.max(windowEdge, ack.windowEdge());
    report =
        new Report(
            Math.max(report.received(), ack.received()),
            Math.max(report.mirrored(), ack.mirrored()));
    lastAckNanos = nowNanos;
    if (ack.number() > lastNumber) {
      lastNumber = ack.number();
      arrival = ack.arrival();
      largestArrived = Math.max(largestArrived, ack.largestNumber());
      sampleRoundTrip(ack, nowNanos);
    }
  }

  private void sampleRoundTrip(Packet.Ack ack, long nowNanos) {
    if (ack.largestNumber() < 0 || (echoed && ack.echoMicros() == lastEcho)) {
      return;
    }
    echoed = true;
    lastEcho = ack.echoMicros();
    long hold = Integer.toUnsignedLong(ack.holdMicros());
    long elapsed = Integer.toUnsignedLong(micros(nowNanos) - ack.echoMicros());
    if (hold <= LONGEST_HOLD_MICROS && elapsed >= hold && elapsed <= LONGEST_HOLD_MICROS) {
      roundTrip.onSample((elapsed - hold) * 1000);
    }
  }

  /** The sender's clock as it goes into packets. */
  static int micros(long nowNanos) {
    return (int) Math.floorDiv(nowNanos, 1000L);
  }

  long windowEdge() {
    return windowEdge;
  }

  Report report() {
    return report;
  }

  /** Largest packet number that the receiver had seen; -1 before the first. */
  long largestArrived() {
    return largestArrived;
  }

  ArrivalCounts arrival() {
    return arrival;
  }

  long lastAckNanos() {
    return lastAckNanos;
  }
}
