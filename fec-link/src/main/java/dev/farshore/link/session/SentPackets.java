package dev.farshore.link.session;

import dev.farshore.link.risk.Tail;

/**
 * What the sender knows of its data packets, from the oldest that is not acknowledged on: sequences
 * {@code acknowledged <= n < next}. Owned by the sender's thread.
 */
final class SentPackets {

  private static final byte SELECTIVELY_ACKNOWLEDGED = 1;
  private static final byte RESEND_QUEUED = 2;

  private final int mask;
  private final int most;
  private final long[] offsets;
  private final int[] lengths;
  private final long[] numbers;
  private final long[] sentNanos;
  private final long[] departedNanos;
  private final byte[] flags;
  private long acknowledged;
  private long next;
  private long nextOffset;
  private long departed;

  // Sequences to be sent again, in the order in which they were asked for.
  private final long[] resends;
  private long resendHead;
  private long resendTail;

  /**
   * @param most most packets that are not acknowledged
   * @param remembered departure times are kept for that many packets before {@code next}
   */
  SentPackets(int most, int remembered) {
    this.most = most;
    int capacity = Integer.highestOneBit(Math.max(most, remembered)) << 1;
    this.mask = capacity - 1;
    this.offsets = new long[capacity];
    this.lengths = new int[capacity];
    this.numbers = new long[capacity];
    this.sentNanos = new long[capacity];
    this.departedNanos = new long[capacity];
    this.flags = new byte[capacity];
    this.resends = new long[capacity];
  }

  boolean isFull() {
    return next - acknowledged >= most;
  }

  /** Adds the next packet, which was handed to the port. */
  void add(int length, long number, long nowNanos) {
    int slot = slot(next);
    offsets[slot] = nextOffset;
    lengths[slot] = length;
    numbers[slot] = number;
    sentNanos[slot] = nowNanos;
    flags[slot] = 0;
    next++;
    nextOffset += length;
  }

  /** The oldest packet that was still on its way out has left this host. */
  void onDeparted(long nowNanos) {
    departedNanos[slot(departed)] = nowNanos;
    departed++;
  }

  boolean hasDeparted(long sequence) {
    return sequence < departed;
  }

  /** When a packet left that has, and that is not too old. */
  long departedNanos(long sequence) {
    return departedNanos[slot(sequence)];
  }

  /** All packets below have arrived. */
  void acknowledge(long sequence) {
    acknowledged = Math.max(acknowledged, sequence);
  }

  void acknowledgeSelectively(long first, long end) {
    for (long n = Math.max(first, acknowledged); n < Math.min(end, next); n++) {
      flags[slot(n)] |= SELECTIVELY_ACKNOWLEDGED;
    }
  }

  /**
   * The receiver asks for these packets. One is sent again unless it has arrived, or its latest
   * copy may still be on its way.
   *
   * @param largestNumber largest packet number that the receiver had seen
   * @param sentBeforeNanos copies that were sent later cannot be known to be lost
   */
  void requestResend(long first, long end, long largestNumber, long sentBeforeNanos) {
    for (long n = Math.max(first, acknowledged); n < Math.min(end, next); n++) {
      int slot = slot(n);
      boolean lost = numbers[slot] < largestNumber && sentNanos[slot] - sentBeforeNanos <= 0;
      if (flags[slot] == 0 && lost) {
        flags[slot] = RESEND_QUEUED;
        resends[(int) (resendTail++ & mask)] = n;
      }
    }
  }

  /** Whether a packet waits to be sent again; those that have arrived meanwhile are dropped. */
  boolean hasResend() {
    while (resendHead < resendTail) {
      long n = resends[(int) (resendHead & mask)];
      if (n >= acknowledged && (flags[slot(n)] & SELECTIVELY_ACKNOWLEDGED) == 0) {
        return true;
      }
      resendHead++;
    }
    return false;
  }

  long firstResend() {
    return resends[(int) (resendHead & mask)];
  }

  /** The first resend was handed to the port. */
  void onResendHanded() {
    flags[slot(firstResend())] &= ~RESEND_QUEUED;
    resendHead++;
  }

  /** A packet was handed to the port once more. */
  void onSentAgain(long sequence, long number, long nowNanos) {
    numbers[slot(sequence)] = number;
    sentNanos[slot(sequence)] = nowNanos;
  }

  /**
   * Packet number of the latest copy of a packet; {@link Tail#ARRIVED} if it has arrived, {@link
   * Tail#LOST} if no copy of it can be on its way.
   *
   * @param largestNumber largest packet number that the receiver had seen
   */
  long onWire(long sequence, long largestNumber) {
    int slot = slot(sequence);
    if ((flags[slot] & SELECTIVELY_ACKNOWLEDGED) != 0) {
      return Tail.ARRIVED;
    }
    return numbers[slot] < largestNumber ? Tail.LOST : numbers[slot];
  }

  /** Stream offset at which a packet begins; {@code next} is possible too. */
  long offset(long sequence) {
    return sequence == next ? nextOffset : offsets[slot(sequence)];
  }

  int length(long sequence) {
    return lengths[slot(sequence)];
  }

  long acknowledged() {
    return acknowledged;
  }

  long next() {
    return next;
  }

  long departed() {
    return departed;
  }

  private int slot(long sequence) {
    return (int) (sequence & mask);
  }
}
