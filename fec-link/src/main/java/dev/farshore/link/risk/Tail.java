package dev.farshore.link.risk;

import dev.farshore.link.packet.Recipe;
import java.util.Arrays;
import java.util.List;

/**
 * What a sender has put on the wire and does not know to have arrived: the latest data packets, and
 * the coding groups that have left whole. Older packets are in the receiver's hands, or were asked
 * for again and resent.
 */
public final class Tail {

  /** In place of a number: the receiver has said that the packet arrived. */
  public static final long ARRIVED = -1;

  /**
   * In place of a number: the packet is not there, and no copy of it is on its way. The code alone
   * can bring it.
   */
  public static final long LOST = -2;

  /**
   * A coding group whose repairs have left.
   *
   * @param lastNumber packet number of the last of them; the others went right before it
   */
  public record Group(Recipe recipe, long lastNumber) {}

  private final long older;
  private final long first;
  private final long[] numbers;
  private final long[] offsets;
  private final List<Group> groups;

  /**
   * @param older how many more packets before {@code first} are not known to have arrived
   * @param first sequence of the first data packet
   * @param numbers packet number of the latest copy of each data packet, or {@link #ARRIVED}, or
   *     {@link #LOST}; not copied
   * @param offsets stream offset of the first byte of each data packet, ascending; not copied
   * @param groups with members that are not known to have arrived; may name others too
   */
  public Tail(long older, long first, long[] numbers, long[] offsets, List<Group> groups) {
    this.older = older;
    this.first = first;
    this.numbers = numbers;
    this.offsets = offsets;
    this.groups = List.copyOf(groups);
  }

  long older() {
    return older;
  }

  long first() {
    return first;
  }

  int packets() {
    return numbers.length;
  }

  long number(int packet) {
    return numbers[packet];
  }

  List<Group> groups() {
    return groups;
  }

  /** How many of the packets hold a byte below that stream offset. */
  int packetsBelow(long offset) {
    int at = Arrays.binarySearch(offsets, offset);
    return at >= 0 ? at : -1 - at;
  }
}
