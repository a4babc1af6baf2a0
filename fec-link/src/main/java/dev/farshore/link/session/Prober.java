package dev.farshore.link.session;

/**
 * Decides when the sender asks whether the receiver is there: when an answer is overdue (doubling
 * the wait up to a second, as in RFC 6298), and now and then on an idle link. After a longer
 * silence the sender is <em>quiet</em> and sends nothing but such pings. Owned by the sender's
 * thread.
 */
final class Prober {

  static final long KEEPALIVE_NANOS = 1_000_000_000;
  private static final long QUIET_NANOS = 1_000_000_000;
  private static final int MAX_BACKOFF = 10;

  private final RoundTrip roundTrip;
  private boolean unanswered;
  private long unansweredSince;
  private long progressNanos;
  private long lastPingNanos;
  private long lastSentNanos;
  private boolean pingNow = true;
  private int backoff;

  Prober(RoundTrip roundTrip, long nowNanos) {
    this.roundTrip = roundTrip;
    this.lastPingNanos = nowNanos;
    this.lastSentNanos = nowNanos;
  }

  /** Something that will be answered was sent. */
  void onSent(long nowNanos) {
    if (!unanswered) {
      unanswered = true;
      unansweredSince = nowNanos;
      progressNanos = nowNanos;
    }
    lastSentNanos = nowNanos;
  }

  /** What was sent was a ping. */
  void onPing(long nowNanos) {
    backoff = Math.min(backoff + 1, MAX_BACKOFF);
    pingNow = false;
    lastPingNanos = nowNanos;
  }

  /**
   * @param outstanding whether data packets are not acknowledged
   * @param progress whether the ack told of new ones
   */
  void onAck(long nowNanos, boolean outstanding, boolean progress) {
    unanswered = outstanding;
    unansweredSince = nowNanos;
    backoff = 0;
    if (progress) {
      progressNanos = nowNanos;
    }
  }

  /** When the next ping is due. */
  long pingNanos(long nowNanos) {
    if (pingNow) {
      return nowNanos;
    }
    if (!unanswered) {
      return lastSentNanos + KEEPALIVE_NANOS;
    }
    // Acks that the receiver merely repeats do not put it off.
    long wait = Math.min(roundTrip.timeoutNanos() << backoff, KEEPALIVE_NANOS);
    return Deadline.later(progressNanos, lastPingNanos) + wait;
  }

  /** Whether the link must be taken for dead. */
  boolean isQuiet(long nowNanos) {
    return unanswered && nowNanos - unansweredSince >= quietAfterNanos();
  }

  private long quietAfterNanos() {
    return Math.max(QUIET_NANOS, 4 * roundTrip.timeoutNanos());
  }
}
