package dev.farshore.tests.sim;

import dev.farshore.agent.mirror.GroupSettings.OnQuota;
import dev.farshore.agent.mirror.GroupSettings.RiskLimits;
import dev.farshore.emulab.testbed.wire.SessionWatch;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.record.LogPosition;

/**
 * What a site lets go of, and what it holds at most, looked at after each of its rounds (invariants
 * M4, K7 and R2).
 */
final class BoundsOracle {
  /** What a receiver, or a tail that is taken back, leaves for the disk before it waits. */
  private static final long STAGED_BYTES_MAX = (16L << 20) + (4L << 20);

  /** A page that a force ends, and the headers of a record and its batch. */
  private static final long RECORD_BYTES = 2 * 4096;

  private static final long OWN_BYTES = 64 << 10;

  private final World world;

  /** By site: up to where records were freed when that was judged last, and up to where folded. */
  private final long[] freed = new long[2];

  private final long[] folded = new long[2];

  /** By site: what its log held when it began to serve, taken in as a mirror perhaps. */
  private final long[] tookOver = new long[2];

  private final boolean[] served = new boolean[2];

  /**
   * By site: how far it had forced its log when it led. A leader without a mirror may fold all of
   * that, and what it has once allowed goes on to be folded after it was fenced.
   */
  private final long[] forcedAsLeader = new long[2];

  BoundsOracle(World world) {
    this.world = world;
  }

  /** The site's store was opened, made or replaced: what it let go of before is judged already. */
  void begins(Site site, ObservedStore store) {
    freed[site.index()] = store.log().first() - 1;
    folded[site.index()] = store.folded().lsn();
    forcedAsLeader[site.index()] = 0;
  }

  void afterPoll(Site site, ObservedStore store, boolean serving) {
    SegmentLog log = store.log();
    if (site.leads()) {
      forcedAsLeader[site.index()] = log.forced();
    }
    long gone = log.first() - 1;
    Violation.unless(
        gone <= store.folded().lsn(),
        "M4",
        () -> site.name() + " freed records up to " + gone + ", folded are " + store.folded());
    if (gone > freed[site.index()]) {
      freed[site.index()] = gone;
      if (serving) {
        LogPosition last = site.model().positionAt(gone);
        if (last != null) {
          world.promises().letGo(site, last, "freed");
        }
      }
    }
    checkFollower(site, store);
    if (serving && !served[site.index()]) {
      tookOver[site.index()] = log.retainedBytes();
    }
    served[site.index()] = serving;
    if (serving && !site.oracle().mayBeDamaged()) {
      // What cannot be folded for damage stays in the log, whatever its quota.
      checkQuota(site, log.retainedBytes());
    }
    long staged = log.stagedBytes();
    Violation.unless(
        staged <= STAGED_BYTES_MAX, "K7", () -> site.name() + ": " + staged + " bytes are staged");
    SessionWatch session = world.wire(site).latest();
    if (session != null) {
      judgeWindow(site.name(), session.unheldBytes(), world.scenario().link().windowBytes());
    }
  }

  /**
   * The log that is kept for a mirror stays within its quota (R2): when that is reached, the mirror
   * is detached, or nothing is taken any more but what had been let in.
   */
  private void checkQuota(Site site, long retained) {
    RiskLimits risk = world.scenario().risk();
    if (risk.onQuota() == OnQuota.DETACH_MIRROR) {
      Violation.unless(
          retained < risk.quotaBytes() || site.leadership().orElseThrow().mirrorDetached(),
          "R2",
          () -> site.name() + " keeps " + retained + " bytes of log for its mirror; " + risk);
    } else {
      long letIn = letInBytes();
      Violation.unless(
          retained <= Math.max(risk.quotaBytes(), tookOver[site.index()]) + letIn,
          "R2",
          () ->
              site.name()
                  + " keeps "
                  + retained
                  + " bytes of log, "
                  + letIn
                  + " may have been let in before; "
                  + risk);
    }
  }

  /** What all clients together can have under way, as the log writes it, and records of its own. */
  private long letInBytes() {
    Load load = world.scenario().load();
    long request = (long) load.requestCells() * world.cells().bytes() + RECORD_BYTES;
    return load.clients() * load.depth() * request + OWN_BYTES;
  }

  /** What is sent and not at the receiver is kept by the sender, in its window. */
  static void judgeWindow(String site, long unheldBytes, int windowBytes) {
    Violation.unless(
        unheldBytes <= windowBytes,
        "K7",
        () -> site + " has " + unheldBytes + " bytes on their way, its window is " + windowBytes);
  }

  /** A follower folds nothing that its leader could still lose: it would have to be cut. */
  private void checkFollower(Site site, ObservedStore store) {
    long now = store.folded().lsn();
    if (now <= folded[site.index()]) {
      return;
    }
    folded[site.index()] = now;
    Site leader = site.other();
    boolean follows =
        now > forcedAsLeader[site.index()]
            && !site.leads()
            && leader.leads()
            && leader.generation() == 0;
    Violation.unless(
        !follows || leader.oracle().forced() >= now,
        "M4",
        () ->
            site.name()
                + " follows and folded up to "
                + store.folded()
                + ", its leader has forced "
                + leader.oracle().forced());
  }
}
