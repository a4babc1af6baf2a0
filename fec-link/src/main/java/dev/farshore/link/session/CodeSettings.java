package dev.farshore.link.session;

import java.util.List;

/** Which forward error correction a link uses. */
public sealed interface CodeSettings {

  /** No repair packets: what is sent is covered. */
  record None() implements CodeSettings {}

  /**
   * Maelstrom's layered interleaving: in every layer one XOR repair for {@code data} packets that
   * are {@code interleave} packets apart.
   *
   * @param data 1 to 255
   * @param interleave strides, ascending, first layer first; as many layers as strides, at most 8
   */
  record Layered(int data, List<Integer> interleave) implements CodeSettings {
    public Layered {
      if (data < 1 || data > 255) {
        throw new IllegalArgumentException("1 to 255 data packets in a group, not " + data);
      }
      interleave = List.copyOf(interleave);
      if (interleave.isEmpty() || interleave.size() > 8) {
        throw new IllegalArgumentException("1 to 8 layers, not " + interleave.size());
      }
      for (int i = 0; i < interleave.size(); i++) {
        int least = i == 0 ? 1 : interleave.get(i - 1) + 1;
        if (interleave.get(i) < least) {
          throw new IllegalArgumentException("interleave must ascend from 1: " + interleave);
        }
      }
    }
  }

  /**
   * Systematic Reed-Solomon groups: any {@code data} of {@code data + repair} packets suffice.
   *
   * @param data 1 or more
   * @param repair 1 or more; {@code data + repair} is at most 256
   */
  record ReedSolomon(int data, int repair) implements CodeSettings {
    public ReedSolomon {
      if (data < 1 || repair < 1 || data + repair > 256) {
        throw new IllegalArgumentException(
            "1 or more data and repair packets, 256 at most, not %d and %d"
                .formatted(data, repair));
      }
    }
  }

  /** Number of coverage levels: layers of the layered code, 1 for Reed-Solomon, 0 without code. */
  default int levels() {
    return switch (this) {
      case None none -> 0;
      case Layered layered -> layered.interleave().size();
      case ReedSolomon reedSolomon -> 1;
    };
  }
}
