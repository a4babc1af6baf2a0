package dev.farshore.log.overlay;

import java.util.Arrays;

/**
 * Maps byte ranges of one volume to the records of the log that wrote them last. Ranges that it
 * does not know are in the base image. Owned by the group's thread.
 *
 * <p>A sorted array of leaves of up to {@value Leaf#CAPACITY} pieces each: with a million pieces it
 * has some six thousand leaves, so that a change moves a few kilobytes at most, and a snapshot
 * copies the array of leaves only; a leaf that a snapshot holds is copied when it changes.
 */
public final class Overlay implements OverlayView {

  /** Place of bytes that read as zeros and keep their room. */
  public static final int ZERO = -1;

  /** Place of bytes that read as zeros and take no room. */
  public static final int HOLE = -2;

  private Leaf[] leaves = new Leaf[8];
  private int leafCount;
  private long pieces;
  private long stamp;

  /** How many pieces it holds. */
  public long pieces() {
    return pieces;
  }

  /** Says that {@code lsn} wrote the bytes {@code start} to {@code end}; at least one. */
  public void put(long start, long end, long lsn, int place) {
    if (start < 0 || start >= end || lsn <= 0 || place < HOLE) {
      throw new IllegalArgumentException(
          "no piece: " + start + " to " + end + ", lsn " + lsn + ", place " + place);
    }
    carve(start, end);
    insert(start, end, lsn, place);
  }

  /** Forgets the bytes in a range that records up to {@code lsn} wrote. */
  public void forget(long start, long end, long lsn) {
    long from = start;
    while (from < end) {
      int at = OverlaySnapshot.leafFor(leaves, leafCount, from);
      if (at == leafCount) {
        return;
      }
      Leaf leaf = leaves[at];
      int index = leaf.firstEndingBehind(from);
      if (leaf.start[index] >= end) {
        return;
      }
      long pieceStart = Math.max(from, leaf.start[index]);
      from = Math.min(end, leaf.end[index]);
      if (leaf.lsn[index] <= lsn) {
        carve(pieceStart, from);
      }
    }
  }

  @Override
  public void visit(long start, long end, long folded, Pieces visitor) {
    OverlaySnapshot.walk(leaves, leafCount, start, end, folded, visitor);
  }

  /** The overlay as it is now, held still. */
  public OverlaySnapshot snapshot() {
    stamp++;
    return new OverlaySnapshot(Arrays.copyOf(leaves, leafCount), leafCount);
  }

  static int shift(int place, long bytes) {
    return place < 0 ? place : Math.toIntExact(place + bytes);
  }

  /** Takes the range out of all pieces. */
  private void carve(long start, long end) {
    int at = OverlaySnapshot.leafFor(leaves, leafCount, start);
    if (at == leafCount) {
      return;
    }
    int index = leaves[at].firstEndingBehind(start);
    if (leaves[at].start[index] >= end) {
      return;
    }
    if (leaves[at].start[index] < start) {
      Leaf leaf = own(at);
      long oldEnd = leaf.end[index];
      leaf.end[index] = start;
      if (oldEnd > end) {
        int rest = shift(leaf.place[index], end - leaf.start[index]);
        insert(end, oldEnd, leaf.lsn[index], rest);
        return;
      }
      index++;
    }
    removeCovered(at, index, end);
  }

  /** From piece {@code index} of leaf {@code at} on, takes out what lies before {@code end}. */
  private void removeCovered(int at, int index, long end) {
    int leafAt = at;
    int from = index;
    int firstEmpty = -1;
    int emptied = 0;
    while (leafAt < leafCount) {
      Leaf leaf = leaves[leafAt];
      int to = leaf.firstEndingBehind(end);
      boolean last = to < leaf.count;
      boolean reachesIn = last && leaf.start[to] < end;
      pieces -= to - from;
      if (from == 0 && to == leaf.count) {
        firstEmpty = firstEmpty < 0 ? leafAt : firstEmpty;
        emptied++;
      } else if (to > from || reachesIn) {
        leaf = own(leafAt);
        if (reachesIn) {
          leaf.beginAt(to, end);
        }
        leaf.remove(from, to);
      }
      if (last) {
        break;
      }
      leafAt++;
      from = 0;
    }
    if (emptied > 0) {
      dropLeaves(firstEmpty, firstEmpty + emptied);
    }
    joinSmall(Math.max(0, at - 1));
    joinSmall(at);
  }

  private void insert(long start, long end, long lsn, int place) {
    int at = OverlaySnapshot.leafFor(leaves, leafCount, start);
    if (at == leafCount && at > 0) {
      at--;
    }
    if (leafCount == 0) {
      addLeaf(0, new Leaf(stamp));
    }
    Leaf leaf = own(at);
    int index = leaf.firstEndingBehind(start);
    if (leaf.count == Leaf.CAPACITY) {
      // Splitting at the end keeps leaves full under sequential writes.
      int cut = index == leaf.count ? leaf.count - 1 : leaf.count / 2;
      Leaf right = new Leaf(stamp);
      right.take(leaf, cut, leaf.count);
      leaf.count = cut;
      addLeaf(at + 1, right);
      if (index > cut) {
        leaf = right;
        index -= cut;
      }
    }
    leaf.insert(index, start, end, lsn, place);
    pieces++;
  }

  private Leaf own(int at) {
    if (leaves[at].stamp != stamp) {
      leaves[at] = leaves[at].copy(stamp);
    }
    return leaves[at];
  }

  private void addLeaf(int at, Leaf leaf) {
    if (leafCount == leaves.length) {
      leaves = Arrays.copyOf(leaves, leafCount * 2);
    }
    System.arraycopy(leaves, at, leaves, at + 1, leafCount - at);
    leaves[at] = leaf;
    leafCount++;
  }

  private void dropLeaves(int from, int to) {
    System.arraycopy(leaves, to, leaves, from, leafCount - to);
    Arrays.fill(leaves, leafCount - (to - from), leafCount, null);
    leafCount -= to - from;
  }

  /** Joins leaf {@code at} with the next if both together fill no more than half a leaf. */
  private void joinSmall(int at) {
    if (at + 1 < leafCount && leaves[at].count + leaves[at + 1].count <= Leaf.CAPACITY / 2) {
      own(at).take(leaves[at + 1], 0, leaves[at + 1].count);
      dropLeaves(at + 1, at + 2);
    }
  }
}
