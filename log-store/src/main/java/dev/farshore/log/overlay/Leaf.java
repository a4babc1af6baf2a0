package dev.farshore.log.overlay;

/**
 * A run of pieces, sorted and disjoint, in primitive arrays. A leaf belongs to the overlay whose
 * stamp it carries; any other holder only reads it.
 */
final class Leaf {
  static final int CAPACITY = 256;

  final long stamp;
  final long[] start = new long[CAPACITY];
  final long[] end = new long[CAPACITY];
  final long[] lsn = new long[CAPACITY];
  final int[] place = new int[CAPACITY];
  int count;

  Leaf(long stamp) {
    this.stamp = stamp;
  }

  Leaf copy(long newStamp) {
    Leaf copy = new Leaf(newStamp);
    copy.take(this, 0, count);
    return copy;
  }

  /** Adds pieces {@code from} to {@code to} of another leaf behind the own ones. */
  void take(Leaf other, int from, int to) {
    int length = to - from;
    System.arraycopy(other.start, from, start, count, length);
    System.arraycopy(other.end, from, end, count, length);
    System.arraycopy(other.lsn, from, lsn, count, length);
    System.arraycopy(other.place, from, place, count, length);
    count += length;
  }

  /** Index of the first piece that ends behind {@code offset}; {@link #count} if none does. */
  int firstEndingBehind(long offset) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (end[middle] > offset) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  void insert(int index, long from, long to, long byLsn, int at) {
    move(index, index + 1);
    start[index] = from;
    end[index] = to;
    lsn[index] = byLsn;
    place[index] = at;
  }

  void remove(int from, int to) {
    move(to, from);
  }

  private void move(int from, int to) {
    int length = count - from;
    System.arraycopy(start, from, start, to, length);
    System.arraycopy(end, from, end, to, length);
    System.arraycopy(lsn, from, lsn, to, length);
    System.arraycopy(place, from, place, to, length);
    count += to - from;
  }

  /** Cuts piece {@code index} off before {@code offset}, which lies inside it. */
  void beginAt(int index, long offset) {
    place[index] = Overlay.shift(place[index], offset - start[index]);
    start[index] = offset;
  }
}
