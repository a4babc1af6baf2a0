package dev.farshore.link.code;

/** Is told of each data packet that a code restored. Called by the receiver's thread. */
@FunctionalInterface
public interface RepairListener {

  /** Does nothing. */
  RepairListener NONE = (sequence, layer) -> {};

  /**
   * @param sequence of the data packet
   * @param layer of the group that gave it, 0 for the first; packets that it made possible to
   *     restore are told after it
   */
  void restored(long sequence, int layer);
}
