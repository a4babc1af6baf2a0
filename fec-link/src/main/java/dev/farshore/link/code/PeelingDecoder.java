package dev.farshore.link.code;

import dev.farshore.link.code.MemberStore.Presence;
import dev.farshore.link.packet.Recipe;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Restores lost data packets. A group is solvable when it misses no more members than it has
 * repairs; each packet that comes or is restored may make other groups solvable, until none is left
 * (peeling). Layers and codes may be mixed. Owned by the receiver's thread.
 *
 * <p>Memory: at most {@code maxRepairs} repair symbols are kept; beyond that the oldest group is
 * given up, which costs a repair and never bytes.
 */
public final class PeelingDecoder {

  /** What became of a repair packet. */
  public enum Outcome {
    /** Nothing was missing, or this repair was here. */
    NOT_NEEDED,
    /** It restored something. */
    SOLVED,
    /** Kept for later. */
    KEPT,
    /** Its members are not in reach, or it contradicts them. */
    USELESS
  }

  private final MemberStore store;
  private final int maxSymbolBytes;
  private final int maxRepairs;
  private final GroupSolver solver;

  // Lists of groups that wait for a packet, by its sequence modulo the length.
  private final PendingGroup[] waiting;
  private final ArrayDeque<PendingGroup> freeGroups = new ArrayDeque<>();
  private final ArrayDeque<byte[]> freeSymbols = new ArrayDeque<>();
  private final ArrayDeque<PendingGroup> solvable = new ArrayDeque<>();
  private PendingGroup oldest;
  private PendingGroup newest;
  private int repairsHeld;
  private long restored;
  private long givenUp;
  private RepairListener listener = RepairListener.NONE;

  /**
   * @param maxPayloadBytes longest payload of a data packet
   * @param reachPackets no two missing packets in reach of the store are that far apart; a power of
   *     two
   * @param maxRepairs most repair symbols that are kept
   */
  public PeelingDecoder(MemberStore store, int maxPayloadBytes, int reachPackets, int maxRepairs) {
    if (Integer.bitCount(reachPackets) != 1) {
      throw new IllegalArgumentException("not a power of two: " + reachPackets);
    }
    this.store = store;
    this.maxSymbolBytes = Symbol.HEADER_BYTES + maxPayloadBytes;
    this.maxRepairs = maxRepairs;
    this.solver = new GroupSolver(store, maxSymbolBytes);
    this.waiting = new PendingGroup[reachPackets];
  }

  /** From now on {@code other} is told, in place of an earlier one. */
  public void listener(RepairListener other) {
    listener = other;
  }

  /** Takes a repair packet. */
  public Outcome onRepair(Recipe recipe, int index, ByteBuffer symbol) {
    int length = symbol.remaining();
    if (length > maxSymbolBytes || !solver.knows(recipe)) {
      return Outcome.USELESS;
    }
    long firstMissing = -1;
    for (int i = 0; i < recipe.members(); i++) {
      long member = recipe.member(i);
      switch (store.presence(member)) {
        case OUT_OF_REACH -> {
          return Outcome.USELESS;
        }
        case MISSING -> firstMissing = firstMissing < 0 ? member : firstMissing;
        case HERE -> {
          if (store.symbolBytes(member) > length) {
            return Outcome.USELESS;
          }
        }
      }
    }
    if (firstMissing < 0) {
      return Outcome.NOT_NEEDED;
    }
    PendingGroup group = find(recipe, firstMissing);
    if (group == null) {
      group = open(recipe, length);
    } else if (group.symbolBytes != length) {
      return Outcome.USELESS;
    } else if (group.repairs[index] != null) {
      return Outcome.NOT_NEEDED;
    }
    keep(group, index, symbol);
    if (group.missing > group.repairCount) {
      makeRoom();
      return Outcome.KEPT;
    }
    long before = restored;
    enqueue(group);
    solveAll();
    return restored > before ? Outcome.SOLVED : Outcome.USELESS;
  }

  /** Must be called when a packet that was missing has come by itself. */
  public void onArrival(long sequence) {
    if (waiting[slot(sequence)] != null) {
      settle(sequence);
      solveAll();
    }
  }

  /** Data packets that were restored. */
  public long restored() {
    return restored;
  }

  /** Groups that were given up to bound memory, or because their members went out of reach. */
  public long givenUp() {
    return givenUp;
  }

  /** Repair symbols that are kept. */
  public int repairsHeld() {
    return repairsHeld;
  }

  private PendingGroup find(Recipe recipe, long firstMissing) {
    PendingGroup group = waiting[slot(firstMissing)];
    while (group != null && !group.recipe.equals(recipe)) {
      group = group.nextWaiting[group.recipe.indexOf(firstMissing)];
    }
    return group;
  }

  private PendingGroup open(Recipe recipe, int length) {
    PendingGroup group = freeGroups.poll();
    if (group == null || !group.hasRoomFor(recipe)) {
      group = new PendingGroup(recipe.data(), recipe.repairs());
    }
    group.start(recipe, length);
    for (int i = 0; i < recipe.members(); i++) {
      long member = recipe.member(i);
      if (store.presence(member) == Presence.MISSING) {
        group.nextWaiting[i] = waiting[slot(member)];
        waiting[slot(member)] = group;
        group.missing++;
      }
    }
    append(group);
    return group;
  }

  private void keep(PendingGroup group, int index, ByteBuffer symbol) {
    byte[] bytes = freeSymbols.isEmpty() ? new byte[maxSymbolBytes] : freeSymbols.pop();
    symbol.get(symbol.position(), bytes, 0, group.symbolBytes);
    group.repairs[index] = bytes;
    group.repairCount++;
    repairsHeld++;
  }

  private void makeRoom() {
    while (repairsHeld > maxRepairs) {
      giveUp(oldest);
    }
  }

  /** A packet is here: takes it out of the groups that wait for it. */
  private void settle(long sequence) {
    PendingGroup group = waiting[slot(sequence)];
    waiting[slot(sequence)] = null;
    while (group != null) {
      int index = group.recipe.indexOf(sequence);
      PendingGroup following = group.nextWaiting[index];
      group.nextWaiting[index] = null;
      group.missing--;
      if (group.missing <= group.repairCount) {
        enqueue(group);
      }
      group = following;
    }
  }

  private void enqueue(PendingGroup group) {
    if (!group.queued) {
      group.queued = true;
      solvable.add(group);
    }
  }

  private void solveAll() {
    while (!solvable.isEmpty()) {
      PendingGroup group = solvable.poll();
      group.queued = false;
      if (group.missing == 0) {
        release(group);
      } else if (!solver.solve(group)) {
        giveUp(group);
      } else {
        takeRestored(group);
      }
    }
  }

  private void takeRestored(PendingGroup group) {
    // Not to be looked at again while its own members are settled.
    group.queued = true;
    for (int i = 0; i < group.recipe.members(); i++) {
      long member = group.recipe.member(i);
      if (store.presence(member) != Presence.MISSING) {
        continue;
      }
      byte[] symbol = solver.restoredSymbol(group, i);
      if (!store.restore(member, symbol, group.symbolBytes)) {
        giveUp(group);
        return;
      }
      restored++;
      listener.restored(member, group.recipe.layer());
      settle(member);
    }
    release(group);
  }

  /** Takes a group out of all lists although it still misses members. */
  private void giveUp(PendingGroup group) {
    givenUp++;
    for (int i = 0; i < group.recipe.members(); i++) {
      long member = group.recipe.member(i);
      if (store.presence(member) == Presence.MISSING) {
        unlink(group, member);
      }
    }
    release(group);
  }

  private void unlink(PendingGroup group, long member) {
    PendingGroup before = null;
    PendingGroup at = waiting[slot(member)];
    while (at != null && at != group) {
      before = at;
      at = at.nextWaiting[at.recipe.indexOf(member)];
    }
    if (at == null) {
      return;
    }
    PendingGroup following = group.nextWaiting[group.recipe.indexOf(member)];
    if (before == null) {
      waiting[slot(member)] = following;
    } else {
      before.nextWaiting[before.recipe.indexOf(member)] = following;
    }
  }

  private void release(PendingGroup group) {
    for (int i = 0; i < group.repairs.length; i++) {
      if (group.repairs[i] != null) {
        freeSymbols.push(group.repairs[i]);
        group.repairs[i] = null;
        repairsHeld--;
      }
    }
    remove(group);
    freeGroups.push(group);
  }

  private void append(PendingGroup group) {
    group.previous = newest;
    group.next = null;
    if (newest == null) {
      oldest = group;
    } else {
      newest.next = group;
    }
    newest = group;
  }

  private void remove(PendingGroup group) {
    if (group.previous == null) {
      oldest = group.next;
    } else {
      group.previous.next = group.next;
    }
    if (group.next == null) {
      newest = group.previous;
    } else {
      group.next.previous = group.previous;
    }
    group.previous = null;
    group.next = null;
  }

  private int slot(long sequence) {
    return (int) (sequence & (waiting.length - 1));
  }
}
