package dev.farshore.emulab.testbed.sim;

import dev.farshore.log.record.LogPosition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What clients did to one volume, in the order of the log; each change is one record. */
final class WreckHistory {

  /**
   * A change.
   *
   * @param stamp of what was written; 0 for zeros and for a trim, which reads as zeros
   */
  static final class Change {
    final LogPosition at;
    final long offset;
    final int length;
    final long stamp;
    boolean answered;

    /** Answered when the group promised less than its mode says, and its log says so. */
    boolean degraded;

    Change(LogPosition at, long offset, int length, long stamp) {
      this.at = at;
      this.offset = offset;
      this.length = length;
      this.stamp = stamp;
    }

    @Override
    public String toString() {
      return "lsn " + at.lsn() + ", " + length + " bytes at " + offset + ", stamp " + stamp;
    }
  }

  private final List<Change> changes = new ArrayList<>();
  private long stamps;

  long nextStamp() {
    return ++stamps;
  }

  void add(Change change) {
    changes.add(change);
  }

  List<Change> changes() {
    return changes;
  }

  /** What is written where; offset a multiple of 8. */
  static void put(ByteBuffer target, long stamp, long offset) {
    for (long at = offset; target.hasRemaining(); at += Long.BYTES) {
      target.putLong(stamp == 0 ? 0 : (stamp * 0x9e3779b97f4a7c15L) ^ (at * 0xd6e8feb86659fd93L));
    }
    target.flip();
  }

  /** The volume as it is after the record {@code lsn}. */
  ByteBuffer contents(int volumeBytes, long lsn) {
    ByteBuffer volume = ByteBuffer.allocate(volumeBytes);
    for (Change change : changes) {
      if (change.at.lsn() <= lsn) {
        put(volume.slice((int) change.offset, change.length), change.stamp, change.offset);
      }
    }
    return volume;
  }
}
