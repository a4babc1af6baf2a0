package dev.farshore.emulab.testbed.wire;

import java.util.Arrays;

/**
 * What is known of each data packet of a session by sequence: where in the stream it ends, and
 * which of its repairs have left. The first ones can be forgotten.
 */
final class SentPackets {
  private static final int INITIAL = 256;

  private long[] ends = new long[INITIAL];
  private byte[] layers = new byte[INITIAL];
  private int first;
  private int next;

  /** How many have been sent, in order and without a gap. */
  int count() {
    return next;
  }

  /** The next packet. */
  void add(int payloadBytes) {
    long end = streamEnd() + payloadBytes;
    if (next - first == ends.length) {
      ends = Arrays.copyOf(ends, 2 * ends.length);
      layers = Arrays.copyOf(layers, 2 * layers.length);
    }
    ends[next - first] = end;
    layers[next - first] = 0;
    next++;
  }

  /** Stream offset after all of them. */
  long streamEnd() {
    return next == 0 ? 0 : ends[next - 1 - first];
  }

  /** Stream offset after the first {@code packets}; of those that are forgotten, the last only. */
  long endOf(int packets) {
    return packets == 0 ? 0 : ends[packets - 1 - first];
  }

  /** All repairs of a group of that layer have left; forgotten members do not matter. */
  void layerLeft(long sequence, int layer) {
    if (sequence >= first && sequence < next) {
      layers[(int) sequence - first] |= (byte) (1 << layer);
    }
  }

  /** Whether the repairs of the first {@code level} layers have left. */
  boolean covered(int sequence, int level) {
    int needed = (1 << level) - 1;
    return (layers[sequence - first] & needed) == needed;
  }

  /** Forgets all of the first {@code packets} but the last. */
  void forget(int packets) {
    int gone = packets - 1 - first;
    if (gone > 0) {
      int kept = next - first - gone;
      System.arraycopy(ends, gone, ends, 0, kept);
      System.arraycopy(layers, gone, layers, 0, kept);
      first += gone;
    }
  }
}
