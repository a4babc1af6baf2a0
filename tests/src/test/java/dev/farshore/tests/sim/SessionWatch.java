package dev.farshore.tests.sim;

import dev.farshore.link.packet.Packet;
import dev.farshore.link.packet.PacketReader;
import dev.farshore.link.packet.Recipe;
import dev.farshore.log.record.LogPosition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One link session as the wire shows it: which data packets and repairs have left the sender's host
 * and which have come to the receiver's, and what follows from that by the recipes of the repairs
 * alone. Nothing of the product's coder, decoder or watermarks is asked.
 *
 * <p>A group of which no more members are missing than repairs of it arrived is solved: exact for
 * Reed-Solomon and for a single exclusive-or. Solving goes on until nothing new follows ("peeling",
 * Maelstrom, NSDI 2008).
 */
public final class SessionWatch {

  private record GroupKey(int layer, long first) {}

  /** A coding group, as its repairs tell. */
  private static final class Group {
    private final Recipe recipe;
    private final BitSet entered = new BitSet();
    private final BitSet arrived = new BitSet();
    private boolean solved;

    Group(Recipe recipe) {
      this.recipe = recipe;
    }
  }

  private final PacketReader enteredReader;
  private final PacketReader arrivedReader;
  private final FrameWatch frames = new FrameWatch();
  private final Map<GroupKey, Group> groups = new HashMap<>();
  private final Map<Long, List<Group>> groupsOf = new HashMap<>();

  /** Stream offset after each data packet that was sent, by sequence; the first is 0. */
  private final List<Long> ends = new ArrayList<>();

  private final Map<Long, byte[]> early = new HashMap<>();
  private final Map<Long, Integer> layersLeft = new HashMap<>();
  private final BitSet known = new BitSet();
  private final BitSet enteredData = new BitSet();
  private final BitSet arrivedData = new BitSet();
  private final long[] covered = new long[9];
  private int knownPrefix;
  private boolean beyondRepair;
  private boolean receiverDied;
  private boolean closed;
  private long lastArrivalNanos;

  SessionWatch(long sessionId, int datagramBytes) {
    enteredReader = new PacketReader(sessionId, datagramBytes);
    arrivedReader = new PacketReader(sessionId, datagramBytes);
  }

  void entered(byte[] datagram) {
    switch (enteredReader.read(ByteBuffer.wrap(datagram))) {
      case Packet.Data data -> {
        enteredData.set((int) data.sequence());
        dataSeen(data);
      }
      case Packet.Repair repair -> repairEntered(repair);
      default -> {
        // pings and closes carry no data
      }
    }
  }

  /** The sender's kernel did not send it; what it holds is known all the same. */
  void refused(byte[] datagram) {
    if (enteredReader.read(ByteBuffer.wrap(datagram)) instanceof Packet.Data data) {
      dataSeen(data);
    }
  }

  private void dataSeen(Packet.Data data) {
    if (data.sequence() < ends.size() || early.containsKey(data.sequence())) {
      return;
    }
    byte[] payload = new byte[data.payload().remaining()];
    data.payload().get(payload);
    early.put(data.sequence(), payload);
    for (byte[] next = early.remove((long) ends.size());
        next != null;
        next = early.remove((long) ends.size())) {
      ends.add((ends.isEmpty() ? 0 : ends.getLast()) + next.length);
      frames.add(next);
    }
  }

  private void repairEntered(Packet.Repair repair) {
    Group group = group(repair.recipe());
    group.entered.set(repair.index());
    if (group.entered.cardinality() == group.recipe.repairs()) {
      int bit = 1 << group.recipe.layer();
      for (int i = 0; i < group.recipe.members(); i++) {
        layersLeft.merge(group.recipe.member(i), bit, (a, b) -> a | b);
      }
    }
  }

  private Group group(Recipe recipe) {
    return groups.computeIfAbsent(
        new GroupKey(recipe.layer(), recipe.first()), key -> new Group(recipe));
  }

  /** An undamaged datagram has come to the receiver's process. */
  void arrived(byte[] datagram, long nowNanos) {
    if (receiverDied || closed) {
      return;
    }
    lastArrivalNanos = nowNanos;
    switch (arrivedReader.read(ByteBuffer.wrap(datagram))) {
      case Packet.Data data -> {
        arrivedData.set((int) data.sequence());
        know((int) data.sequence());
      }
      case Packet.Repair repair -> repairArrived(repair);
      default -> {
        // pings and closes carry no data
      }
    }
  }

  private void repairArrived(Packet.Repair repair) {
    Group group = group(repair.recipe());
    if (group.arrived.isEmpty()) {
      for (int i = 0; i < group.recipe.members(); i++) {
        groupsOf.computeIfAbsent(group.recipe.member(i), key -> new ArrayList<>(3)).add(group);
      }
    }
    group.arrived.set(repair.index());
    solve(group);
  }

  private void know(int sequence) {
    if (!known.get(sequence)) {
      known.set(sequence);
      groupsOf.getOrDefault((long) sequence, List.of()).forEach(this::solve);
    }
  }

  private void solve(Group group) {
    if (group.solved) {
      return;
    }
    int missing = 0;
    for (int i = 0; i < group.recipe.members(); i++) {
      missing += known.get((int) group.recipe.member(i)) ? 0 : 1;
    }
    if (missing <= group.arrived.cardinality()) {
      group.solved = true;
      for (int i = 0; i < group.recipe.members(); i++) {
        know((int) group.recipe.member(i));
      }
    } else if (missing == group.arrived.cardinality() + 1
        && group.arrived.cardinality() == group.recipe.repairs()) {
      beyondRepair = true;
    }
  }

  /** What the receiver had is gone, and nobody takes what arrives. */
  void receiverDied() {
    receiverDied = true;
  }

  /** The receiver takes nothing more of this session, and keeps what it has. */
  void close() {
    closed = true;
  }

  boolean hasReceiver() {
    return !receiverDied;
  }

  /** Bytes that were sent, and that the receiver neither has nor can restore, or lost. */
  long unheldBytes() {
    int held = Math.min(recoverablePackets(), ends.size());
    return ends.isEmpty() ? 0 : ends.getLast() - (held == 0 ? 0 : ends.get(held - 1));
  }

  /** When something of it came to the receiver last. */
  long lastArrivalNanos() {
    return lastArrivalNanos;
  }

  /** Whether some group lacked one packet more than all its repairs give back. */
  boolean wasBeyondRepair() {
    return beyondRepair;
  }

  /** How many data packets, from the first on, the receiver has or can restore. */
  int recoverablePackets() {
    knownPrefix = known.nextClearBit(knownPrefix);
    return knownPrefix;
  }

  /** Whether one of the packets that can be had did not come by itself. */
  boolean neededTheCode() {
    return arrivedData.nextClearBit(0) < recoverablePackets();
  }

  /**
   * The last record of which the receiver has or can restore every byte; empty position 0 if there
   * is none.
   */
  public LogPosition recoverable() {
    int packets = Math.min(recoverablePackets(), ends.size());
    return frames.lastWithin(packets == 0 ? 0 : ends.get(packets - 1));
  }

  /** Whether the receiver has or can restore every byte of this record and of all before it. */
  boolean canRecover(LogPosition record) {
    return !receiverDied && frames.contains(record) && record.lsn() <= recoverable().lsn();
  }

  /** Whether this record is at or before {@link #covered}. */
  boolean covers(LogPosition record, int level) {
    return frames.contains(record) && record.lsn() <= covered(level).lsn();
  }

  /**
   * The last record whose packets have all left the sender's host, and so have their repairs in the
   * first {@code level} layers, or which the receiver has.
   */
  private LogPosition covered(int level) {
    int needed = (1 << level) - 1;
    long next = Math.max(covered[level], Math.min(recoverablePackets(), ends.size()));
    while (next < ends.size()
        && enteredData.get((int) next)
        && (layersLeft.getOrDefault(next, 0) & needed) == needed) {
      next++;
    }
    covered[level] = next;
    return frames.lastWithin(next == 0 ? 0 : ends.get((int) next - 1));
  }
}
