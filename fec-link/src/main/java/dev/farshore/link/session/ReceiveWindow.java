package dev.farshore.link.session;

import dev.farshore.link.code.MemberStore;
import dev.farshore.link.code.Symbol;
import java.nio.ByteBuffer;

/**
 * The data packets that are here: those not yet in order, those not yet consumed, and a history of
 * consumed ones that the decoder may need. Owned by the receiver's thread.
 *
 * <p>Bytes lie in a ring by their stream offset, which holds {@code window} bytes ahead of the
 * consumed offset and the history behind it.
 */
final class ReceiveWindow implements MemberStore {

  /** What became of a data packet. */
  enum Outcome {
    TAKEN,
    DUPLICATE,
    /** Ahead of the window: the sender did not keep to it, or asks for too much. */
    BEYOND,
    /** Offset or length contradict what is here. */
    CONTRADICTION
  }

  private final int windowBytes;
  private final int windowPackets;
  private final int historyBytes;
  private final int historyPackets;
  private final int maxPayloadBytes;
  private final StreamRing ring;
  private final Symbol.Checker checker = new Symbol.Checker();
  private final int mask;
  private final long[] offsets;
  private final int[] lengths;
  private final int[] checks;
  // Bits of packets at or beyond next.
  private final long[] here;
  private long next;
  private long inOrderOffset;
  private long consumedOffset;
  private long hereEnd;
  private long contradictions;

  ReceiveWindow(LinkSettings settings, CodePlan plan) {
    this.maxPayloadBytes = settings.maxPayloadBytes();
    this.windowBytes = settings.windowBytes();
    this.windowPackets = CodePlan.windowPackets(settings);
    this.historyPackets = plan.historyPackets();
    this.historyBytes = historyPackets * maxPayloadBytes;
    this.ring = new StreamRing(windowBytes + historyBytes);
    int capacity = Integer.highestOneBit(windowPackets + historyPackets) << 1;
    this.mask = capacity - 1;
    this.offsets = new long[capacity];
    this.lengths = new int[capacity];
    this.checks = new int[capacity];
    this.here = new long[capacity / Long.SIZE];
  }

  /** Power of two; two sequences that are both in reach never differ by it. */
  int capacityPackets() {
    return mask + 1;
  }

  Outcome accept(long sequence, long offset, ByteBuffer payload) {
    Outcome outcome = judge(sequence, offset, payload.remaining());
    if (outcome == Outcome.TAKEN) {
      int length = payload.remaining();
      ring.put(offset, payload.duplicate());
      store(sequence, offset, length, ring.check(checker, sequence, offset, length));
    }
    return outcome;
  }

  private Outcome judge(long sequence, long offset, int length) {
    if (sequence < next || (sequence < next + windowPackets && isHere(sequence))) {
      return Outcome.DUPLICATE;
    }
    if (sequence >= next + windowPackets) {
      return Outcome.BEYOND;
    }
    // Each packet before it holds at least one byte.
    long leastOffset = inOrderOffset + (sequence - next);
    if (length < 1 || length > maxPayloadBytes || offset < leastOffset) {
      return Outcome.CONTRADICTION;
    }
    if (sequence == next && offset != inOrderOffset) {
      return Outcome.CONTRADICTION;
    }
    return offset + length > windowEdge() ? Outcome.BEYOND : Outcome.TAKEN;
  }

  private void store(long sequence, long offset, int length, int check) {
    int slot = slot(sequence);
    offsets[slot] = offset;
    lengths[slot] = length;
    checks[slot] = check;
    here[slot >> 6] |= 1L << slot;
    hereEnd = Math.max(hereEnd, sequence + 1);
  }

  @Override
  public boolean restore(long sequence, byte[] symbol, int length) {
    if (!Symbol.isWellFormed(symbol, length)) {
      return false;
    }
    int payload = Symbol.length(symbol);
    // The offset is within a window's distance of the in-order offset, so 32 bits tell it.
    long offset = inOrderOffset + (Symbol.offsetBits(symbol) - (int) inOrderOffset);
    int check = checker.check(sequence, symbol, Symbol.HEADER_BYTES, payload);
    if (check != Symbol.check(symbol) || judge(sequence, offset, payload) != Outcome.TAKEN) {
      return false;
    }
    ring.put(offset, symbol, Symbol.HEADER_BYTES, payload);
    store(sequence, offset, payload, check);
    return true;
  }

  /** Moves the in-order point over all packets that are here. Returns whether it moved. */
  boolean advance() {
    long before = next;
    while (isHere(next)) {
      int slot = slot(next);
      here[slot >> 6] &= ~(1L << slot);
      if (offsets[slot] != inOrderOffset) {
        contradictions++;
        break;
      }
      inOrderOffset += lengths[slot];
      next++;
    }
    return next > before;
  }

  @Override
  public Presence presence(long sequence) {
    if (sequence >= next + windowPackets) {
      return Presence.OUT_OF_REACH;
    }
    if (sequence >= next) {
      return isHere(sequence) ? Presence.HERE : Presence.MISSING;
    }
    boolean kept =
        sequence >= next - historyPackets
            && offsets[slot(sequence)] >= consumedOffset - historyBytes;
    return kept ? Presence.HERE : Presence.OUT_OF_REACH;
  }

  @Override
  public int symbolBytes(long sequence) {
    return Symbol.HEADER_BYTES + lengths[slot(sequence)];
  }

  @Override
  public void xorSymbol(long sequence, byte[] target) {
    int slot = slot(sequence);
    Symbol.xorHeader(target, lengths[slot], (int) offsets[slot], checks[slot]);
    ring.xor(offsets[slot], target, Symbol.HEADER_BYTES, lengths[slot]);
  }

  @Override
  public void copySymbol(long sequence, byte[] target) {
    int slot = slot(sequence);
    Symbol.putHeader(target, lengths[slot], (int) offsets[slot], checks[slot]);
    ring.copy(offsets[slot], target, Symbol.HEADER_BYTES, lengths[slot]);
  }

  /** The bytes that are in order and not consumed, as far as they lie in one piece. */
  ByteBuffer readable() {
    return ring.view(consumedOffset, (int) (inOrderOffset - consumedOffset));
  }

  void consume(int bytes) {
    if (bytes < 0 || bytes > inOrderOffset - consumedOffset) {
      throw new IllegalArgumentException(bytes + " bytes are not there to be consumed");
    }
    consumedOffset += bytes;
  }

  /** The first packet at or beyond {@code from} and below {@code end} that is missing, or end. */
  long firstMissing(long from, long end) {
    return first(from, end, true);
  }

  /** The first packet at or beyond {@code from} and below {@code end} that is here, or end. */
  long firstHere(long from, long end) {
    return first(from, end, false);
  }

  private long first(long from, long end, boolean missing) {
    long sequence = from;
    while (sequence < end) {
      int slot = slot(sequence);
      long word = missing ? ~here[slot >> 6] : here[slot >> 6];
      long rest = word >>> slot;
      if (rest != 0) {
        return Math.min(end, sequence + Long.numberOfTrailingZeros(rest));
      }
      sequence += Long.SIZE - (slot & (Long.SIZE - 1));
    }
    return end;
  }

  /** All packets below it are in order; the next one is not here. */
  long next() {
    return next;
  }

  /** No packet at or beyond it is here. */
  long hereEnd() {
    return Math.max(hereEnd, next);
  }

  /** First sequence that would be refused. */
  long sequenceEdge() {
    return next + windowPackets;
  }

  /** First stream offset that would be refused. */
  long windowEdge() {
    return consumedOffset + windowBytes;
  }

  long consumedOffset() {
    return consumedOffset;
  }

  /** Packets that were dropped because they contradicted others. */
  long contradictions() {
    return contradictions;
  }

  private boolean isHere(long sequence) {
    int slot = slot(sequence);
    return (here[slot >> 6] >>> slot & 1) != 0;
  }

  private int slot(long sequence) {
    return (int) (sequence & mask);
  }
}
