package dev.farshore.tests.sim;

import dev.farshore.agent.mirror.GroupSnapshot;
import dev.farshore.agent.mirror.Leadership;
import dev.farshore.agent.mirror.Role;
import dev.farshore.agent.mirror.SyncMode;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import dev.farshore.tests.sim.StoreOracle.Death;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The journal of what clients were told, kept outside the product; judges each reply at the moment
 * when it comes, and what is missing each time a site begins to serve (invariants A1 to A5, F2, F3,
 * F5).
 */
final class Promises {

  /** What a reply really promised, by what was true when it came. */
  private enum Kept {
    /** Appended where it was answered. */
    LOCAL,
    /** And covered on the wire, or at the mirror. */
    NETWORK,
    /** And forced at the mirror. */
    REMOTE
  }

  /**
   * @param site index of the site that answered
   * @param otherGeneration which disk the other site had then
   */
  private record Ack(int site, LogPosition position, Kept kept, int otherGeneration) {}

  /** What is known of a site's way to lead. */
  private static final class Standing {
    private Epoch served = Epoch.NONE;
    private boolean powerCut;
    private boolean restartEpoch;
    private boolean planned;
    private boolean pulledBack;
    private boolean resumed;
    private long mayFold;
  }

  private final World world;
  private final List<Ack> acks = new ArrayList<>();
  private final List<Standing> standings = List.of(new Standing(), new Standing());
  private final List<Drain> drains;
  private final Map<Epoch, Integer> acknowledgedBy = new HashMap<>();
  private final long[] lastAcked = new long[2];

  Promises(World world) {
    this.world = world;
    this.drains = List.of(new Drain(world), new Drain(world));
  }

  private Standing standing(Site site) {
    return standings.get(site.index());
  }

  private Drain drain(Site site) {
    return drains.get(site.index());
  }

  /** LSN of the last record that this site's process has answered for. */
  long lastAcked(Site site) {
    return lastAcked[site.index()];
  }

  /** A client was told that its change is done. */
  void changeDone(Request request) {
    Site site = request.process.site();
    LogPosition position = request.position();
    Violation.unless(position != null, "A1", () -> "answered and never appended: " + request);
    acknowledged(site, position, request.forced, request.toString());
  }

  /** An administrator was told that a change is done. */
  void administrationDone(Site site, LogPosition position) {
    acknowledged(site, position, true, "administration");
  }

  private void acknowledged(Site site, LogPosition position, boolean forced, String what) {
    long lsn = position.lsn();
    StoreOracle oracle = site.oracle();
    checkLeads(site, what);
    Violation.unless(
        oracle.model().holds(position), "A1", () -> "answered, not in the log: " + what);
    var log = site.process().orElseThrow().store().orElseThrow().log();
    Violation.unless(log.appended() >= lsn, "A1", () -> "answered before appended: " + what);
    Violation.unless(!forced || log.forced() >= lsn, "A1", () -> "answered before forced: " + what);
    lastAcked[site.index()] = Math.max(lastAcked[site.index()], lsn);
    Kept kept = kept(site, position);
    checkMode(site, position, kept, what);
    world.risk().answered(site, position);
    if (!isOrphan(site, kept)) {
      boolean former = kept == Kept.REMOTE && !site.other().model().holds(position);
      int generation = site.other().generation() - (former ? 1 : 0);
      acks.add(new Ack(site.index(), position, kept, generation));
    }
    if (forced) {
      world.auditor().perhaps(site, position);
    }
    if (kept == Kept.REMOTE && site.other().model().holds(position)) {
      world.auditor().perhaps(site.other(), position);
    }
  }

  /** A client was told that what was answered before its flush is durable. */
  void flushDone(Request request) {
    Site site = request.process.site();
    checkLeads(site, request.toString());
    long lsn = request.before();
    var log = site.process().orElseThrow().store().orElseThrow().log();
    Violation.unless(
        log.forced() >= lsn,
        "A1",
        () -> "flush answered at " + log.forced() + ", must cover " + lsn);
    LogPosition position = site.model().positionAt(lsn);
    if (position != null && lsn > 0) {
      world.auditor().perhaps(site, position);
    }
  }

  private void checkLeads(Site site, String what) {
    Leadership now = site.leadership().orElseThrow();
    Violation.unless(
        now.role() == Role.PRIMARY,
        "F3",
        () -> site.name() + " answers and does not lead: " + what);
    Integer by = acknowledgedBy.putIfAbsent(now.leads(), site.index());
    Violation.unless(
        by == null || by == site.index(), "F2", () -> "two sites answer in " + now.leads());
  }

  private Kept kept(Site site, LogPosition position) {
    Site mirror = site.other();
    boolean held = mirror.model().holds(position);
    if (held && mirror.oracle().forced() >= position.lsn()) {
      return Kept.REMOTE;
    }
    if (mirror.oracle().formerDiskHeld(position)) {
      // Its report was under way when the mirror lost its disk: the loss of one site, survived
      // here.
      return Kept.REMOTE;
    }
    int level = world.scenario().mode() instanceof SyncMode.Network network ? network.level() : 0;
    return held || world.wire(site).covered(position, level) ? Kept.NETWORK : Kept.LOCAL;
  }

  /** A reply that promises less than the mode needs a record that says so, forced before it. */
  private void checkMode(Site site, LogPosition position, Kept kept, String what) {
    Kept needed =
        switch (world.scenario().mode()) {
          case SyncMode.Local local -> Kept.LOCAL;
          case SyncMode.Network network -> Kept.NETWORK;
          case SyncMode.Remote remote -> Kept.REMOTE;
        };
    if (kept.compareTo(needed) >= 0) {
      return;
    }
    GroupSnapshot snapshot = site.process().orElseThrow().node().snapshot(world.now());
    long span = site.oracle().degradedLsn();
    var log = site.process().orElseThrow().store().orElseThrow().log();
    Violation.unless(
        snapshot.degraded() && span > 0 && log.forced() >= span,
        needed == Kept.REMOTE ? "A2" : "A3",
        () ->
            "answered and only "
                + kept
                + ", degraded since "
                + span
                + ": "
                + what
                + ", the mirror has forced "
                + site.other().oracle().forced());
    Violation.unless(position.lsn() > 0, "A5", () -> what);
  }

  /** Whether another site leads already: then only what it holds too is promised (F3). */
  private boolean isOrphan(Site site, Kept kept) {
    Epoch mine = site.leadership().orElseThrow().leads();
    boolean orphan = standing(site.other()).served.compareTo(mine) > 0 && kept != Kept.REMOTE;
    if (orphan) {
      world.rarities().reached(Rare.ORPHAN_TAIL);
    }
    return orphan;
  }

  void died(Site site, Death how) {
    standing(site).powerCut |= how == Death.POWER;
    drain(site).died();
    lastAcked[site.index()] = 0;
    world.wire(site.other()).receiverDied();
  }

  void wiped(Site site) {
    standing(site).served = Epoch.NONE;
    standing(site).mayFold = 0;
    world.risk().gaveWay(site);
  }

  /** A site's process is up, and found what an earlier one had left. */
  void started(Site site) {
    standing(site).resumed = site.leadership().orElseThrow().promotingTo().counter() > 0;
  }

  /**
   * How far a site that serves has folded or freed: not beyond what its mirror has forced, unless
   * that was allowed before it led, or no mirror is waited for (M4). For a fill, the images must
   * hold all that both sites may hold. A mirror that lost its disk may have forced more than it
   * shows.
   */
  void letGo(Site site, LogPosition upTo, String how) {
    Standing standing = standing(site);
    Site mirror = site.other();
    if (site.leadership().orElseThrow().mirrorDetached()) {
      standing.mayFold = site.model().lastLsn();
    }
    if (upTo.lsn() > standing.mayFold
        && upTo.lsn() <= mirror.model().lastLsn()
        && site.process().orElseThrow().node().snapshot(world.now()).needsFill()) {
      standing.mayFold = upTo.lsn();
    }
    Violation.unless(
        upTo.lsn() <= standing.mayFold
            || mirror.generation() > 0
            || mirror.oracle().rottedAway(upTo.lsn())
            || (mirror.oracle().forced() >= upTo.lsn() && mirror.model().holds(upTo)),
        "M4",
        () ->
            site.name()
                + " "
                + how
                + " up to "
                + upTo
                + ", its mirror has forced "
                + mirror.oracle().forced());
  }

  /** A site has durably written what it is from now on. */
  void leadershipWritten(Site site, Leadership before, Leadership now) {
    Standing standing = standing(site);
    if (now.role() == Role.PRIMARY) {
      drain(site).ends(site);
    }
    if (now.promotingTo().counter() == 0) {
      // Done, or given up because another site leads: what comes from it now is taken.
      drain(site).isOff();
    }
    if (now.mirrorDetached() && !before.mirrorDetached()) {
      world.rarities().reached(Rare.QUOTA_DETACHED_MIRROR);
    }
    boolean promised = now.promotingTo().counter() > 0 && before.promotingTo().counter() == 0;
    if (promised) {
      standing.planned =
          site.other()
              .leadership()
              .map(l -> l.role() == Role.MIRROR && l.promised().equals(now.promised()))
              .orElse(false);
      if (standing.planned) {
        drain(site).isOff();
      } else {
        drain(site).begins();
      }
    }
    if (before.role() == Role.PRIMARY && now.role() == Role.MIRROR) {
      lastAcked[site.index()] = 0;
      world.risk().gaveWay(site);
      world.rarities().reached(Rare.PRIMARY_FENCED);
    }
    standing.restartEpoch |=
        before.role() == Role.PRIMARY
            && now.role() == Role.PRIMARY
            && !before.leads().equals(now.leads());
  }

  /** A site took a record of another one's. A follower has it from the wire, or it is made up. */
  void replicated(Site site, LogPosition position) {
    Violation.unless(
        site.leads() || world.wire(site.other()).brought(position),
        "K6",
        () -> site.name() + " took " + position + ", which the wire cannot have brought");
    standing(site).pulledBack |= site.leads();
  }

  /** A site is about to be polled. */
  void beforePoll(Site site) {
    drain(site).beforePoll(site);
  }

  /** A site has just been polled. */
  void afterPoll(Site site) {
    drain(site).afterPoll(site);
  }

  /**
   * A log is about to be cut. If that ends a drain, everything that arrived, and everything that
   * the code restores from it, is in the log, and nothing else is.
   */
  void cutBegins(Site site, long lsn) {
    boolean promoting = site.leadership().orElseThrow().promotingTo().counter() > 0;
    if (!promoting && lsn < site.model().lastLsn()) {
      world.rarities().reached(Rare.DIVERGENT_TAIL_CUT);
    }
    drain(site).ends(site);
  }

  /** A site takes writes from now on: nothing that was promised may be missing. */
  void servingBegins(Site site) {
    Standing standing = standing(site);
    Epoch epoch = site.leadership().orElseThrow().leads();
    boolean promoted = epoch.counter() > standing.served.counter() && epoch.counter() > 1;
    if (promoted) {
      world
          .rarities()
          .reached(standing.planned ? Rare.PROMOTION_PLANNED : Rare.PROMOTION_UNPLANNED);
    }
    if (promoted && standing.resumed) {
      world.rarities().reached(Rare.PROMOTION_CRASHED_AND_RESUMED);
    }
    if (standing.restartEpoch) {
      world.rarities().reached(Rare.START_WAIT_OVER);
    }
    if (standing.pulledBack) {
      world.rarities().reached(Rare.MIRROR_AHEAD_PULLED_BACK);
    }
    LogPosition folded = site.process().orElseThrow().store().orElseThrow().folded();
    standing.mayFold = promoted ? site.model().lastLsn() : Math.max(standing.mayFold, folded.lsn());
    checkMirrorIsNotAhead(site, epoch);
    acks.removeIf(ack -> !site.model().holds(ack.position) && mayBeLost(site, ack, promoted));
    standing.served = epoch;
    standing.powerCut = false;
    standing.restartEpoch = false;
    standing.planned = false;
    standing.pulledBack = false;
    standing.resumed = false;
  }

  /** Within an epoch, what the mirror holds of it was taken back before anything is served. */
  private void checkMirrorIsNotAhead(Site site, Epoch epoch) {
    LogPosition mirror = site.other().model().last();
    Violation.unless(
        !mirror.epoch().equals(epoch) || site.model().holds(mirror),
        "L2",
        () ->
            site.name() + " serves from " + site.model().last() + ", the mirror ends at " + mirror);
  }

  /**
   * A site that answered, then gave way to another, and now leads again. Every way in which it can
   * have lost a record of its own since was judged when it was lost: at an opening only what was
   * not forced (L2), at a cut or a fill only what the leader that it followed did not hold ({@link
   * StoreOracle}). Whether that leader might lack it was judged when that one began to serve; what
   * it held, this site's operator did not wait for. A planned switchover waits for all.
   */
  private boolean mayBeLost(Site site, Ack ack, boolean promoted) {
    if (ack.site == site.index() && promoted) {
      Violation.unless(!standing(site).planned, "A4", () -> "lost in a planned switchover: " + ack);
    } else if (ack.site == site.index()) {
      judgeRestart(site, ack);
    } else {
      judgePromotion(site, ack);
    }
    return true;
  }

  /** The site that answered lost the record by itself: only a power cut without a mirror may. */
  private void judgeRestart(Site site, Ack ack) {
    Violation.unless(
        standing(site).powerCut,
        "A1",
        () -> site.name() + " lost " + ack + " and had power all the time");
    boolean mirrorHasIt = site.other().model().holds(ack.position);
    Violation.unless(
        !mirrorHasIt || standing(site).restartEpoch,
        "A4",
        () -> site.name() + " serves without " + ack + ", which its mirror holds");
  }

  /** The record was not where the operator made a site lead. */
  private void judgePromotion(Site site, Ack ack) {
    Violation.unless(!standing(site).planned, "A4", () -> "lost in a planned switchover: " + ack);
    boolean sameDisk = site.generation() == ack.otherGeneration;
    Violation.unless(
        !sameDisk || !world.wire(site.other()).brought(ack.position),
        "A3",
        () -> site.name() + " leads without " + ack + ", which the wire brought");
    switch (ack.kept) {
      case LOCAL -> world.rarities().reached(Rare.LOCAL_TAIL_LOST);
      case NETWORK -> world.rarities().reached(Rare.NETWORK_LOSS_BEYOND_CODE);
      case REMOTE ->
          Violation.unless(
              !sameDisk, "A4", () -> site.name() + " had forced and leads without " + ack);
    }
  }
}
