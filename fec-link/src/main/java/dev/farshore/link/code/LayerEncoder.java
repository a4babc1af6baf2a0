package dev.farshore.link.code;

import dev.farshore.link.packet.ErasureCode;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The open groups of one layer on the sending side. Data packets must be added in the order of
 * their sequences, each once. Owned by the sender's thread.
 *
 * <p>Memory: one group per bin, and those that were closed and not released.
 */
public final class LayerEncoder {

  private final Layer layer;
  private final int maxSymbolBytes;
  private final ReedSolomonShards reedSolomon;
  private final CodingGroup[] bins;
  private final OpenList open = new OpenList();
  private final ArrayDeque<CodingGroup> free = new ArrayDeque<>();

  /**
   * @param maxPayloadBytes longest payload of a data packet
   */
  public LayerEncoder(Layer layer, int maxPayloadBytes) {
    this.layer = layer;
    this.maxSymbolBytes = Symbol.HEADER_BYTES + maxPayloadBytes;
    this.reedSolomon =
        layer.code() == ErasureCode.REED_SOLOMON
            ? new ReedSolomonShards(layer.data(), layer.repairs())
            : null;
    this.bins = new CodingGroup[layer.stride()];
  }

  /**
   * Adds a data packet to its group, which is closed if that makes it full.
   *
   * @param offsetBits lower 32 bits of the payload's stream offset
   * @param check of the symbol, see {@link Symbol.Checker}
   * @param bytes array in which the payload lies
   * @return the group; the caller's if it {@link CodingGroup#isFull}
   */
  public CodingGroup add(
      long sequence,
      int offsetBits,
      int check,
      byte[] bytes,
      int payloadAt,
      int payloadLength,
      long nowNanos) {
    int bin = (int) (sequence % layer.stride());
    CodingGroup group = bins[bin];
    if (group == null) {
      group = free.isEmpty() ? newGroup() : free.pop();
      group.open(sequence, nowNanos);
      bins[bin] = group;
      open.add(group);
    }
    group.add(offsetBits, check, bytes, payloadAt, payloadLength, nowNanos);
    if (group.isFull()) {
      close(group);
    }
    return group;
  }

  public boolean hasOpen() {
    return open.head != null;
  }

  /** The open groups, in the order in which they were opened. */
  public Iterable<CodingGroup> open() {
    return open;
  }

  /** Closes an open group early. It is the caller's until released. */
  public void close(CodingGroup group) {
    int bin = (int) (group.first() % layer.stride());
    if (bins[bin] != group) {
      throw new IllegalStateException("group is not open");
    }
    bins[bin] = null;
    open.remove(group);
    group.close();
  }

  /** Takes back a closed group whose repairs are not needed any more. */
  public void release(CodingGroup group) {
    free.push(group);
  }

  public Layer layer() {
    return layer;
  }

  private CodingGroup newGroup() {
    return new CodingGroup(layer, reedSolomon, maxSymbolBytes);
  }

  /** Open groups, in the order in which they were opened. */
  private static final class OpenList implements Iterable<CodingGroup> {
    CodingGroup head;
    CodingGroup tail;

    @Override
    public Iterator<CodingGroup> iterator() {
      return new Iterator<>() {
        private CodingGroup at = head;

        @Override
        public boolean hasNext() {
          return at != null;
        }

        @Override
        public CodingGroup next() {
          if (at == null) {
            throw new NoSuchElementException();
          }
          CodingGroup group = at;
          at = group.next;
          return group;
        }
      };
    }

    void add(CodingGroup group) {
      group.previous = tail;
      group.next = null;
      if (tail == null) {
        head = group;
      } else {
        tail.next = group;
      }
      tail = group;
    }

    void remove(CodingGroup group) {
      if (group.previous == null) {
        head = group.next;
      } else {
        group.previous.next = group.next;
      }
      if (group.next == null) {
        tail = group.previous;
      } else {
        group.next.previous = group.previous;
      }
      group.previous = null;
      group.next = null;
    }
  }
}
