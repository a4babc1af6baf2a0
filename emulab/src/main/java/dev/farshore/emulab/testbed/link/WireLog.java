package dev.farshore.emulab.testbed.link;

import dev.farshore.link.model.PathCapture;
import dev.farshore.link.packet.Packet;
import dev.farshore.link.packet.PacketReader;
import dev.farshore.link.packet.Recipe;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What has entered the wire, without the bytes: which data packets, in which coding groups, under
 * which packet numbers. Read from the datagrams; the sender is not asked. Remembers the latest
 * packets.
 */
public final class WireLog implements PathCapture {

  private static final int MOST_LAYERS = 8;

  /** A coding group of which repairs have entered. */
  static final class Group {
    final Recipe recipe;

    /** Packet numbers of the repairs that have entered. */
    final long[] numbers;

    int repairs;

    private Group(Recipe recipe) {
      this.recipe = recipe;
      this.numbers = new long[recipe.repairs()];
    }
  }

  private final PacketReader reader;
  private final int mask;
  private final long[] numbers;
  private final long[] offsets;
  private final Group[][] groups;
  private long next;
  private long nextNumber;

  /**
   * @param datagramBytes largest datagram of the session
   * @param packets how many data packets are remembered; a power of two
   */
  public WireLog(int datagramBytes, int packets) {
    if (Integer.bitCount(packets) != 1) {
      throw new IllegalArgumentException("not a power of two: " + packets);
    }
    reader = new PacketReader(LinkPair.SESSION, datagramBytes);
    mask = packets - 1;
    numbers = new long[packets];
    offsets = new long[packets];
    groups = new Group[packets][MOST_LAYERS];
  }

  @Override
  public void entered(byte[] datagram, long nowNanos) {
    switch (reader.read(ByteBuffer.wrap(datagram))) {
      case Packet.Data data -> {
        int slot = slot(data.sequence());
        if (data.sequence() >= next) {
          next = data.sequence() + 1;
          Arrays.fill(groups[slot], null);
        }
        numbers[slot] = data.number();
        offsets[slot] = data.streamOffset();
        nextNumber = data.number() + 1;
      }
      case Packet.Repair repair -> {
        Group group = groupOf(repair.recipe());
        group.numbers[group.repairs++] = repair.number();
        nextNumber = repair.number() + 1;
      }
      case Packet.Ping ping -> nextNumber = ping.number() + 1;
      default -> {
        // nothing else goes this way while the stream is open
      }
    }
  }

  private Group groupOf(Recipe recipe) {
    int layer = recipe.layer();
    Group known = groups[slot(recipe.first())][layer];
    if (known != null && known.recipe.first() == recipe.first()) {
      return known;
    }
    Group group = new Group(recipe);
    for (int i = 0; i < recipe.members(); i++) {
      groups[slot(recipe.member(i))][layer] = group;
    }
    return group;
  }

  @Override
  public void arrived(byte[] datagram, long nowNanos) {
    // What arrives is not decided here.
  }

  /** Data packets that have entered, resent ones counted once. */
  public long next() {
    return next;
  }

  /** Packet number that the next datagram will have. */
  long nextNumber() {
    return nextNumber;
  }

  /** Packet number of the latest copy of a data packet. */
  long number(long sequence) {
    return numbers[slot(sequence)];
  }

  /** Stream offset of the first byte of a data packet. */
  public long offset(long sequence) {
    return offsets[slot(sequence)];
  }

  /** The groups of a data packet by layer, null where there is none. */
  Group[] groups(long sequence) {
    return groups[slot(sequence)];
  }

  /** In how many layers a data packet has a group. */
  int layers(long sequence) {
    return (int) Stream.of(groups(sequence)).filter(Objects::nonNull).count();
  }

  int packets() {
    return mask + 1;
  }

  private int slot(long sequence) {
    return (int) (sequence & mask);
  }
}
