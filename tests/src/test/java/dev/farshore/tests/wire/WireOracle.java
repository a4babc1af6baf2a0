package dev.farshore.tests.wire;

import dev.farshore.link.model.PathCapture;
import dev.farshore.link.packet.Packet;
import dev.farshore.link.packet.PacketReader;
import dev.farshore.link.packet.Recipe;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Watches one link session on the wire and says what a receiver could have: which data packets
 * arrived, and which follow from the repairs that did. It reads recipes and counts; it never
 * touches the product's decoder.
 *
 * <p>A group with {@code m} members of which at most as many are missing as repairs of it arrived
 * is solved. That is exact for Reed-Solomon and for one XOR repair; solving is repeated until
 * nothing new follows (Maelstrom, "peeling").
 */
public final class WireOracle implements PathCapture {

  private record GroupKey(int layer, long first) {}

  private record Group(Recipe recipe, Set<Integer> repairs) {}

  private final PacketReader enteredReader;
  private final PacketReader arrivedReader;
  private final TreeMap<Long, Long> streamEnds = new TreeMap<>();
  private final Set<Long> arrived = new HashSet<>();
  private final Map<GroupKey, Group> groups = new HashMap<>();
  private long entered;
  private long lost;

  /**
   * @param sessionId the session to watch; datagrams of others are ignored
   * @param datagramBytes largest datagram of the session
   */
  public WireOracle(long sessionId, int datagramBytes) {
    enteredReader = new PacketReader(sessionId, datagramBytes);
    arrivedReader = new PacketReader(sessionId, datagramBytes);
  }

  @Override
  public void entered(byte[] datagram, long nowNanos) {
    if (enteredReader.read(ByteBuffer.wrap(datagram)) instanceof Packet.Data data) {
      streamEnds.put(data.sequence(), data.streamOffset() + data.payload().remaining());
      entered++;
      lost++;
    }
  }

  @Override
  public void arrived(byte[] datagram, long nowNanos) {
    switch (arrivedReader.read(ByteBuffer.wrap(datagram))) {
      case Packet.Data data -> {
        arrived.add(data.sequence());
        lost--;
      }
      case Packet.Repair repair ->
          groups
              .computeIfAbsent(
                  new GroupKey(repair.recipe().layer(), repair.recipe().first()),
                  key -> new Group(repair.recipe(), new HashSet<>()))
              .repairs
              .add(repair.index());
      default -> {
        // acks and pings carry no data
      }
    }
  }

  /** Data packets that entered and did not arrive, resent ones counted each time. */
  public long lostPackets() {
    return lost;
  }

  public long enteredPackets() {
    return entered;
  }

  /** Stream offset up to which everything arrived or follows from what did. */
  public long recoverableOffset() {
    Set<Long> known = recoverable();
    long offset = 0;
    for (Map.Entry<Long, Long> packet : streamEnds.entrySet()) {
      if (!known.contains(packet.getKey())) {
        break;
      }
      offset = packet.getValue();
    }
    return offset;
  }

  /** Sequences of all data packets that arrived or follow from what did. */
  private Set<Long> recoverable() {
    Set<Long> known = new HashSet<>(arrived);
    List<Group> open = new ArrayList<>(groups.values());
    boolean progress = true;
    while (progress) {
      progress = open.removeIf(group -> solve(group, known));
    }
    return known;
  }

  private static boolean solve(Group group, Set<Long> known) {
    List<Long> missing = new ArrayList<>();
    for (int i = 0; i < group.recipe.members(); i++) {
      if (!known.contains(group.recipe.member(i))) {
        missing.add(group.recipe.member(i));
      }
    }
    if (missing.size() > group.repairs.size()) {
      return false;
    }
    known.addAll(missing);
    return true;
  }
}
