package dev.farshore.emulab.testbed.sim;

import java.io.IOException;

/**
 * One group: its machines at both sites, and the requests that the mirror has not forced yet. A
 * request is one record, and nothing else makes records while testers write; so the LSN tells which
 * request it is, and whose.
 */
final class Lane {
  static final String VOLUME = "v";
  private static final int FIRST_CAPACITY = 64;

  private final Machine west;
  private final Machine east;
  private final Meter meter;

  /** When each request began that the mirror lacks, in a ring whose size is a power of two. */
  private long[] began = new long[FIRST_CAPACITY];

  /** Number of the tester, in the same ring. */
  private int[] testers = new int[FIRST_CAPACITY];

  private long begun;
  private long mirrored;
  private long lsnBefore;

  Lane(Machine west, Machine east, Meter meter) {
    this.west = west;
    this.east = east;
    this.meter = meter;
  }

  Machine west() {
    return west;
  }

  Machine east() {
    return east;
  }

  /** From now on testers write. */
  void open() {
    lsnBefore = west.node().store().orElseThrow().log().last().lsn();
    east.afterRound(this::followMirror);
  }

  /** A tester begins a request, just before it hands it over. */
  void begins(int tester, long nowNanos) {
    if (begun - mirrored == began.length) {
      grow();
    }
    began[slot(begun, began.length)] = nowNanos;
    testers[slot(begun, began.length)] = tester;
    begun++;
  }

  private void grow() {
    long[] larger = new long[2 * began.length];
    int[] whose = new int[larger.length];
    for (long each = mirrored; each < begun; each++) {
      larger[slot(each, larger.length)] = began[slot(each, began.length)];
      whose[slot(each, larger.length)] = testers[slot(each, began.length)];
    }
    began = larger;
    testers = whose;
  }

  private static int slot(long request, int length) {
    return (int) request & length - 1;
  }

  private void followMirror() {
    long forced = east.node().store().orElseThrow().log().forced() - lsnBefore;
    for (; mirrored < Math.min(forced, begun); mirrored++) {
      meter.mirrored(began[slot(mirrored, began.length)], east.lastNanos());
    }
  }

  /**
   * How many of the requests whose records lie behind {@code lsn} are a tester's; its last ones.
   *
   * @param lsn not before what the mirror had forced when the last request began
   */
  long behind(long lsn, int tester) {
    long first = lsn - lsnBefore;
    if (begun - first > testers.length) {
      throw new IllegalArgumentException("who made request " + first + " is forgotten");
    }
    long count = 0;
    for (long each = first; each < begun; each++) {
      count += testers[slot(each, testers.length)] == tester ? 1 : 0;
    }
    return count;
  }

  /**
   * @throws IOException if something else than requests made records, so that the figures tell
   *     nothing
   */
  void check() throws IOException {
    long records = west.node().store().orElseThrow().log().last().lsn() - lsnBefore;
    if (records > begun) {
      throw new IOException(records + " records of " + begun + " requests");
    }
  }
}
