package dev.farshore.log.file;

/**
 * Which segments of a log are not needed any more, and how many bytes the others hold. Owned by the
 * log's thread.
 */
final class Freeing {

  private final SegmentList segments;
  private final SegmentSupply supply;
  private long below;

  /** What was counted: so many segments, those before the newest one holding so many bytes. */
  private int countedSegments = -1;

  private long sealedBytes;

  /** Last LSN of the oldest segment that was counted. */
  private long oldestLsn;

  Freeing(SegmentList segments, SegmentSupply supply) {
    this.segments = segments;
    this.supply = supply;
  }

  /** Nobody needs records below {@code lsn}; never takes back what an earlier call said. */
  void free(long lsn) {
    below = Math.max(below, lsn);
  }

  /** Gives segments back that hold nothing but freed records, the oldest first. */
  void retire(TailWriter writer) {
    while (segments.size() > 1
        && isFree(segments.oldest(), writer)
        && isAnchored(segments.all().get(1), writer)) {
      supply.retire(segments.removeOldest());
    }
  }

  private boolean isFree(Segment segment, TailWriter writer) {
    return segment.lastLsn() < below
        && segment.lastLsn() <= writer.forced()
        && segment.users() == 0;
  }

  /** Whether the log could be found again if a segment were its oldest: its slots are durable. */
  private static boolean isAnchored(Segment segment, TailWriter writer) {
    return segment.restart() || writer.durable() > segment.start().lsn();
  }

  /** Bytes of the segments that hold a record that is not freed, and of the newest one. */
  long retainedBytes() {
    if (countedSegments != segments.size() || below > oldestLsn) {
      count();
    }
    return sealedBytes + segments.newest().end();
  }

  private void count() {
    countedSegments = segments.size();
    sealedBytes = 0;
    oldestLsn = Long.MAX_VALUE;
    for (Segment segment : segments.all()) {
      if (segment != segments.newest() && segment.lastLsn() >= below) {
        sealedBytes += segment.end();
        oldestLsn = Math.min(oldestLsn, segment.lastLsn());
      }
    }
  }
}
