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
   * @param interleave strides, ascending, first layer first; as many layers as strides
   */
  record Layered(int data, List<Integer> interleave) implements CodeSettings {}

  /** Systematic Reed-Solomon groups: any {@code data} of {@code data + repair} packets suffice. */
  record ReedSolomon(int data, int repair) implements CodeSettings {}

  /** Number of coverage levels: layers of the layered code, 1 for Reed-Solomon, 0 without code. */
  default int levels() {
    return switch (this) {
      case None none -> 0;
      case Layered layered -> layered.interleave().size();
      case ReedSolomon reedSolomon -> 1;
    };
  }
}
