package dev.farshore.emulab.testbed.wire;

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
import java.util.OptionalLong;

/**
 * One link session as the wire shows it: which data packets and repairs have left the sender's host
 * and which have come to the receiver's, and what follows from that by the recipes of the repairs
 * alone. Nothing of the product's coder, decoder or watermarks is asked.
 *
 * <p>A group of which no more members are missing than repairs of it arrived is solved: exact for
 * Reed-Solomon and for a single exclusive-or. Solving goes on until nothing new follows ("peeling",
 * Maelstrom, NSDI 2008).
 *
 * <p>Of packets that the receiver has without a gap before them nothing is kept but the last, and
 * three bits of each.
 */
public final class SessionWatch {
  private static final int MAX_LAYERS = 8;

  /** So many packets enter between two clearings of what is not needed any more. */
  private static final int CLEARING_PACKETS = 4096;

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
  private final boolean keepsRecords;
  private final FrameWatch frames = new FrameWatch();
  private final SentPackets sent = new SentPackets();

  /** Looked up, and cleared of what no longer matters; its order shows nowhere. */
  private final Map<GroupKey, Group> groups = new HashMap<>();

  /** The groups that may give a packet that is not known; looked up only. */
  private final Map<Long, List<Group>> groupsOf = new HashMap<>();

  private final Map<Long, byte[]> early = new HashMap<>();
  private final BitSet known = new BitSet();
  private final BitSet enteredData = new BitSet();
  private final BitSet arrivedData = new BitSet();
  private final int[] covered = new int[MAX_LAYERS + 1];
  private int knownPrefix;
  private int sinceClearing;
  private long lostPackets;
  private boolean beyondRepair;
  private boolean receiverDied;
  private boolean closed;
  private long lastArrivalNanos;

  SessionWatch(long sessionId, int datagramBytes, boolean keepsRecords) {
    enteredReader = new PacketReader(sessionId, datagramBytes);
    arrivedReader = new PacketReader(sessionId, datagramBytes);
    this.keepsRecords = keepsRecords;
  }

  void entered(byte[] datagram) {
    switch (enteredReader.read(ByteBuffer.wrap(datagram))) {
      case Packet.Data data -> {
        enteredData.set((int) data.sequence());
        lostPackets++;
        dataSeen(data);
      }
      case Packet.Repair repair -> repairEntered(repair);
      default -> {
        // pings and closes carry no data
      }
    }
    if (++sinceClearing == CLEARING_PACKETS) {
      sinceClearing = 0;
      clear();
    }
  }

  /** The sender's kernel did not send it; what it holds is known all the same. */
  void refused(byte[] datagram) {
    if (enteredReader.read(ByteBuffer.wrap(datagram)) instanceof Packet.Data data) {
      dataSeen(data);
    }
  }

  private void dataSeen(Packet.Data data) {
    if (data.sequence() == sent.count()) {
      inOrder(data.payload());
      for (byte[] next = early.remove((long) sent.count());
          next != null;
          next = early.remove((long) sent.count())) {
        inOrder(ByteBuffer.wrap(next));
      }
    } else if (data.sequence() > sent.count()) {
      byte[] payload = new byte[data.payload().remaining()];
      data.payload().get(payload);
      early.putIfAbsent(data.sequence(), payload);
    }
  }

  private void inOrder(ByteBuffer payload) {
    sent.add(payload.remaining());
    frames.add(payload);
  }

  private void repairEntered(Packet.Repair repair) {
    Group group = group(repair.recipe());
    group.entered.set(repair.index());
    if (group.entered.cardinality() == group.recipe.repairs()) {
      for (int i = 0; i < group.recipe.members(); i++) {
        sent.layerLeft(group.recipe.member(i), group.recipe.layer());
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
        lostPackets--;
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
        if (!known.get((int) group.recipe.member(i))) {
          groupsOf.computeIfAbsent(group.recipe.member(i), key -> new ArrayList<>(3)).add(group);
        }
      }
    }
    group.arrived.set(repair.index());
    solve(group);
  }

  private void know(int sequence) {
    if (!known.get(sequence)) {
      known.set(sequence);
      List<Group> waiting = groupsOf.remove((long) sequence);
      if (waiting != null) {
        waiting.forEach(this::solve);
      }
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

  /** Groups all of whose members the receiver has give it nothing more. */
  private void clear() {
    int prefix = Math.min(recoverablePackets(), sent.count());
    groups.values().removeIf(group -> group.recipe.last() < prefix);
    if (prefix > 0 && !keepsRecords) {
      frames.forget(sent.endOf(prefix));
    }
    sent.forget(prefix);
  }

  /** What the receiver had is gone, and nobody takes what arrives. */
  public void receiverDied() {
    receiverDied = true;
  }

  /** The receiver takes nothing more of this session, and keeps what it has. */
  public void close() {
    closed = true;
  }

  public boolean hasReceiver() {
    return !receiverDied;
  }

  /** The group whose records it carries; empty before the first of them has entered. */
  public OptionalLong group() {
    return frames.group();
  }

  /** Data packets that entered and did not arrive, or not yet; resent ones counted each time. */
  public long lostPackets() {
    return lostPackets;
  }

  /** Bytes that were sent, and that the receiver neither has nor can restore, or lost. */
  public long unheldBytes() {
    return sent.streamEnd() - recoverableOffset();
  }

  /** When something of it came to the receiver last. */
  public long lastArrivalNanos() {
    return lastArrivalNanos;
  }

  /** Whether some group lacked one packet more than all its repairs give back. */
  public boolean wasBeyondRepair() {
    return beyondRepair;
  }

  /** How many data packets, from the first on, the receiver has or can restore. */
  private int recoverablePackets() {
    knownPrefix = known.nextClearBit(knownPrefix);
    return knownPrefix;
  }

  /** Whether one of the packets that can be had did not come by itself. */
  public boolean neededTheCode() {
    return arrivedData.nextClearBit(0) < recoverablePackets();
  }

  /** Stream offset up to which the receiver has every byte, or can restore it. */
  public long recoverableOffset() {
    return sent.endOf(Math.min(recoverablePackets(), sent.count()));
  }

  /**
   * The last record of which the receiver has or can restore every byte; empty position 0 if there
   * is none.
   */
  public LogPosition recoverable() {
    return frames.lastWithin(recoverableOffset());
  }

  /** Whether the receiver has or can restore every byte of this record and of all before it. */
  public boolean canRecover(LogPosition record) {
    return !receiverDied && frames.contains(record) && record.lsn() <= recoverable().lsn();
  }

  /** Whether this record is at or before {@link #covered}. */
  public boolean covers(LogPosition record, int level) {
    return frames.contains(record) && record.lsn() <= covered(level).lsn();
  }

  /**
   * The last record whose packets have all left the sender's host, and so have their repairs in the
   * first {@code level} layers, or which the receiver has.
   */
  public LogPosition covered(int level) {
    int next = Math.max(covered[level], Math.min(recoverablePackets(), sent.count()));
    while (next < sent.count() && enteredData.get(next) && sent.covered(next, level)) {
      next++;
    }
    covered[level] = next;
    return frames.lastWithin(sent.endOf(next));
  }
}
