package dev.farshore.link.session;

import dev.farshore.link.packet.Recipe;
import dev.farshore.link.risk.Tail;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Up to which data packet the repairs have left, for each level. What the receiver has acknowledged
 * is past needing them and counts as covered. Owned by the sender's thread.
 */
final class Coverage {

  private final SentPackets packets;
  // Per packet: bit i is set when the repairs of its group in layer i have left.
  private final byte[] departedLayers;
  private final int mask;
  private final long[] covered;

  // In the order of leaving; from the first on that has a member that is not acknowledged.
  private final ArrayDeque<Tail.Group> groups = new ArrayDeque<>();

  /**
   * @param levels as many as layers, at most 8
   * @param capacity power of two, more than packets can be unacknowledged
   */
  Coverage(SentPackets packets, int levels, int capacity) {
    this.packets = packets;
    this.departedLayers = new byte[capacity];
    this.mask = capacity - 1;
    this.covered = new long[levels];
  }

  /** A data packet is new. */
  void onSent(long sequence) {
    departedLayers[slot(sequence)] = 0;
  }

  /**
   * All repairs of that group have left this host.
   *
   * @param lastNumber packet number of the last of them
   */
  void onDeparted(Recipe recipe, long lastNumber) {
    groups.add(new Tail.Group(recipe, lastNumber));
    byte bit = (byte) (1 << recipe.layer());
    for (int i = 0; i < recipe.members(); i++) {
      long member = recipe.member(i);
      if (member >= packets.acknowledged()) {
        departedLayers[slot(member)] |= bit;
      }
    }
    advance();
  }

  void onAcknowledged() {
    while (!groups.isEmpty() && groups.peek().recipe().last() < packets.acknowledged()) {
      groups.poll();
    }
    for (int level = 0; level < covered.length; level++) {
      covered[level] = Math.max(covered[level], packets.acknowledged());
    }
    advance();
  }

  /**
   * All data packets below have left, and so have their repairs in the first {@code level} layers.
   */
  long covered(int level) {
    return level == 0 ? Math.max(packets.departed(), packets.acknowledged()) : covered[level - 1];
  }

  /** The same for all layers. */
  long covered() {
    return covered(covered.length);
  }

  /** Groups that have left and have members at or beyond that packet. */
  List<Tail.Group> groupsFrom(long sequence) {
    return groups.stream().filter(group -> group.recipe().last() >= sequence).toList();
  }

  private void advance() {
    for (int level = 0; level < covered.length; level++) {
      int needed = (2 << level) - 1;
      long end = Math.min(packets.next(), covered(level));
      while (covered[level] < end && (departedLayers[slot(covered[level])] & needed) == needed) {
        covered[level]++;
      }
    }
  }

  private int slot(long sequence) {
    return (int) (sequence & mask);
  }
}
