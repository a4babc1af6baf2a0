package dev.farshore.link.session;

import dev.farshore.link.packet.SequenceRange;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides which missing packets the receiver asks for, and when. One is asked for when the code
 * cannot help any more: the sender told that all its repairs have left, and they had time to arrive
 * even out of order; or when it is missing for long. It is asked for again when no answer comes.
 * Owned by the receiver's thread.
 */
final class NakPlanner {

  private static final long LEAST_REORDER_NANOS = 2_000_000;
  private static final long MOST_REORDER_NANOS = 100_000_000;
  private static final long STALE_NANOS = 250_000_000;
  private static final long FIRST_ANSWER_NANOS = 200_000_000;
  private static final long LONGEST_RETRY_NANOS = 1_000_000_000;
  private static final long SCAN_NANOS = 1_000_000;

  /**
   * After that many naks while nothing at all arrived, the wait for an answer doubles each time.
   */
  private static final int PATIENT_ASKS = 5;

  private static final int MOST_UNHEARD = 15;

  /** Most packets that one nak asks for. */
  private static final int MOST_PACKETS = 1024;

  private final ReceiveWindow window;
  private final int mask;
  private final long[] missedNanos;
  private final long[] askedNanos;
  // 0, 1, or 2 for more.
  private final byte[] asks;
  // Sequences below it exist.
  private long known;
  // Sequences below it are past the help of the code.
  private long settled;
  private long covered;
  private long coveredNanos;
  private long candidate;
  private long candidateNanos;
  private long reorderNanos = LEAST_REORDER_NANOS;
  private long answerNanos = FIRST_ANSWER_NANOS;
  private long scanNanos = Deadline.NONE;
  // Naks since something arrived.
  private int unheard;

  NakPlanner(ReceiveWindow window) {
    this.window = window;
    int capacity = window.capacityPackets();
    this.mask = capacity - 1;
    this.missedNanos = new long[capacity];
    this.askedNanos = new long[capacity];
    this.asks = new byte[capacity];
  }

  /** A datagram of the session has arrived: the link is not dead. */
  void onHeard(long nowNanos) {
    if (unheard > PATIENT_ASKS) {
      scanAt(nowNanos);
    }
    unheard = 0;
  }

  /** Data packets below {@code end} have been sent. */
  void onKnown(long end, long nowNanos) {
    long limit = Math.min(end, window.sequenceEdge());
    if (limit <= known) {
      return;
    }
    for (long n = Math.max(known, window.next()); n < limit; n++) {
      missedNanos[slot(n)] = nowNanos;
      asks[slot(n)] = 0;
    }
    known = limit;
    scanAt(nowNanos + STALE_NANOS);
  }

  /** The repairs of all data packets below {@code sequence} have been sent. */
  void onCovered(long sequence, long nowNanos) {
    if (sequence > covered) {
      covered = sequence;
      coveredNanos = nowNanos;
      settle(nowNanos);
    }
  }

  /**
   * A data packet that was missing has come.
   *
   * @return whether it had been asked for
   */
  boolean onArrival(long sequence, long nowNanos) {
    int slot = slot(sequence);
    boolean asked = asks[slot] > 0;
    if (asks[slot] == 1) {
      answerNanos += (nowNanos - askedNanos[slot] - answerNanos) / 4;
    } else if (!asked) {
      long late = nowNanos - missedNanos[slot];
      reorderNanos = Math.clamp(late + late / 2, reorderNanos, MOST_REORDER_NANOS);
    }
    return asked;
  }

  /** When {@link #plan} may have something to ask for. */
  long dueNanos() {
    return scanNanos;
  }

  /**
   * What to ask for now. The packets count as asked for.
   *
   * @param mostRanges most ranges of the result
   */
  List<SequenceRange> plan(int mostRanges, long nowNanos) {
    settle(nowNanos);
    scanNanos = Deadline.NONE;
    List<SequenceRange> ranges = new ArrayList<>();
    int packets = 0;
    long first = -1;
    long end = -1;
    for (long n = window.firstMissing(window.next(), known);
        n < known;
        n = window.firstMissing(n + 1, known)) {
      long due = askNanos(n);
      if (!Deadline.isPast(due, nowNanos)) {
        scanAt(due);
        continue;
      }
      if (n != end || packets == MOST_PACKETS) {
        if (first >= 0) {
          ranges.add(new SequenceRange(first, end));
        }
        if (ranges.size() == mostRanges || packets == MOST_PACKETS) {
          scanAt(nowNanos + SCAN_NANOS);
          return ranges;
        }
        first = n;
      }
      end = n + 1;
      packets++;
      onAsked(n, nowNanos);
    }
    if (first >= 0) {
      ranges.add(new SequenceRange(first, end));
      unheard = Math.min(unheard + 1, MOST_UNHEARD);
    }
    if (settled < candidate || settled < covered) {
      scanAt(candidateNanos + reorderNanos);
    }
    return ranges;
  }

  private void onAsked(long sequence, long nowNanos) {
    int slot = slot(sequence);
    askedNanos[slot] = nowNanos;
    asks[slot] = (byte) Math.min(asks[slot] + 1, 2);
    scanAt(askNanos(sequence));
  }

  /** When a missing packet is to be asked for. */
  private long askNanos(long sequence) {
    int slot = slot(sequence);
    if (asks[slot] > 0) {
      int backoff = Math.max(0, unheard - PATIENT_ASKS);
      long wait = (answerNanos + answerNanos / 2 + LEAST_REORDER_NANOS) << backoff;
      return askedNanos[slot] + Math.min(wait, LONGEST_RETRY_NANOS);
    }
    return sequence < settled ? missedNanos[slot] : missedNanos[slot] + STALE_NANOS;
  }

  /** Two steps, so that continuous news do not put off the older ones. */
  private void settle(long nowNanos) {
    if (candidate > settled && nowNanos - candidateNanos >= reorderNanos) {
      settled = candidate;
      reorderNanos = Math.max(LEAST_REORDER_NANOS, reorderNanos - reorderNanos / 64);
    }
    if (candidate <= settled && covered > settled) {
      candidate = covered;
      candidateNanos = coveredNanos;
    }
    if (candidate > settled) {
      scanAt(candidateNanos + reorderNanos);
    }
  }

  private void scanAt(long nanos) {
    scanNanos = Deadline.earlier(scanNanos, nanos);
  }

  private int slot(long sequence) {
    return (int) (sequence & mask);
  }
}
