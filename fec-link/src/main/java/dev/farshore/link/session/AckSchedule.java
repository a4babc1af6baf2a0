package dev.farshore.link.session;

/**
 * When the receiver sends acks: soon after news, at once if they matter, and again and again with
 * growing distance, since any ack may be lost. Owned by the receiver's thread.
 */
final class AckSchedule {

  /** News of no hurry wait that long for others. */
  static final long DELAY_NANOS = 10_000_000;

  /** Acks are never closer to each other. */
  private static final long DISTANCE_NANOS = 500_000;

  private static final long LONGEST_REPEAT_NANOS = 1_000_000_000;
  private static final int MOST_PACKETS = 64;

  private final int packetsPerAck;
  private int packets;
  private long dueNanos = Deadline.NONE;
  private long lastNanos;
  private long repeatNanos = DELAY_NANOS;
  private boolean anySent;

  /**
   * @param windowPackets full packets that fit into the window
   */
  AckSchedule(int windowPackets) {
    this.packetsPerAck = Math.clamp(windowPackets / 8, 1, MOST_PACKETS);
  }

  /** Data came in order. */
  void onData(long nowNanos) {
    packets++;
    if (packets >= packetsPerAck || !anySent) {
      onUrgent(nowNanos);
    } else {
      onNews(nowNanos);
    }
  }

  /** Something changed that the sender should know. */
  void onNews(long nowNanos) {
    repeatNanos = DELAY_NANOS;
    dueNanos = Deadline.earlier(dueNanos, nowNanos + DELAY_NANOS);
  }

  /** Something changed that the sender should know at once. */
  void onUrgent(long nowNanos) {
    repeatNanos = DELAY_NANOS;
    dueNanos = Deadline.earlier(dueNanos, nowNanos);
  }

  /** The sender asked. */
  void onPing(long nowNanos) {
    dueNanos = Deadline.earlier(dueNanos, nowNanos);
  }

  void onSent(long nowNanos) {
    packets = 0;
    anySent = true;
    lastNanos = nowNanos;
    dueNanos = nowNanos + repeatNanos;
    repeatNanos = Math.min(2 * repeatNanos, LONGEST_REPEAT_NANOS);
  }

  /** When the next ack is due. */
  long dueNanos() {
    return anySent ? Deadline.later(dueNanos, lastNanos + DISTANCE_NANOS) : dueNanos;
  }
}
