package dev.farshore.log.file;

import java.util.ArrayList;
import java.util.List;

/**
 * The segments that hold the log, oldest first; each begins where the one before it ends. Owned by
 * the log's thread.
 */
final class SegmentList {

  private final List<Segment> segments = new ArrayList<>();

  void add(Segment segment) {
    segments.add(segment);
  }

  Segment oldest() {
    return segments.getFirst();
  }

  Segment newest() {
    return segments.getLast();
  }

  /** The one before the newest; there are at least two. */
  Segment beforeNewest() {
    return segments.get(segments.size() - 2);
  }

  int size() {
    return segments.size();
  }

  List<Segment> all() {
    return segments;
  }

  Segment removeOldest() {
    return segments.removeFirst();
  }

  /**
   * Takes out the segments that hold nothing up to {@code lsn}.
   *
   * @return them, oldest first
   */
  List<Segment> removeBehind(long lsn) {
    List<Segment> removed = new ArrayList<>();
    while (!segments.isEmpty() && segments.getLast().start().lsn() >= lsn) {
      removed.addFirst(segments.removeLast());
    }
    return removed;
  }

  /** The segment that holds the record {@code lsn}, which is in the log. */
  Segment holding(long lsn) {
    int low = 0;
    int high = segments.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (segments.get(middle).start().lsn() < lsn) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    Segment found = segments.get(low);
    if (!found.holds(lsn)) {
      throw new IllegalArgumentException(
          "lsn " + lsn + " is not in the log, which begins at " + oldest().firstLsn());
    }
    return found;
  }
}
