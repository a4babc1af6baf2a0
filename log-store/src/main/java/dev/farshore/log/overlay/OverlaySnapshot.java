package dev.farshore.log.overlay;

/** An overlay as it was at one moment; never changes. */
public final class OverlaySnapshot implements OverlayView {
  private final Leaf[] leaves;
  private final int leafCount;

  OverlaySnapshot(Leaf[] leaves, int leafCount) {
    this.leaves = leaves;
    this.leafCount = leafCount;
  }

  @Override
  public void visit(long start, long end, long folded, Pieces pieces) {
    walk(leaves, leafCount, start, end, folded, pieces);
  }

  /** Index of the first leaf that has a piece that ends behind {@code offset}, or the count. */
  static int leafFor(Leaf[] leaves, int leafCount, long offset) {
    int low = 0;
    int high = leafCount;
    while (low < high) {
      int middle = (low + high) >>> 1;
      Leaf leaf = leaves[middle];
      if (leaf.end[leaf.count - 1] > offset) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  static void walk(Leaf[] leaves, int leafCount, long start, long end, long folded, Pieces pieces) {
    if (start >= end) {
      return;
    }
    long done = start;
    for (int at = leafFor(leaves, leafCount, start); at < leafCount; at++) {
      Leaf leaf = leaves[at];
      for (int i = leaf.firstEndingBehind(done); i < leaf.count && leaf.start[i] < end; i++) {
        if (leaf.lsn[i] <= folded) {
          continue;
        }
        long from = Math.max(leaf.start[i], start);
        long to = Math.min(leaf.end[i], end);
        if (from > done && !pieces.base(done, from)) {
          return;
        }
        if (!pieces.piece(
            from, to, leaf.lsn[i], Overlay.shift(leaf.place[i], from - leaf.start[i]))) {
          return;
        }
        done = to;
      }
      if (leaf.end[leaf.count - 1] >= end) {
        break;
      }
    }
    if (done < end) {
      pieces.base(done, end);
    }
  }
}
