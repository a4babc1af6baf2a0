package dev.farshore.tests.sim;

import dev.farshore.agent.mirror.PromotionStep;
import dev.farshore.emulab.testbed.wire.SessionWatch;
import dev.farshore.log.record.LogPosition;

/**
 * Watches one site drain its link before it takes over: everything that the wire brought until the
 * drain ended, and everything that the code restores from it, is in the log then (invariants A3,
 * F5). And the drain lasts: until the wire has brought nothing for the drain time, for what was
 * acknowledged may be in flight and nowhere else.
 */
final class Drain {
  /** After so many drain times a link that never falls silent is listened to no longer. */
  private static final int MAX_DRAINS = 10;

  private final World world;
  private LogPosition had = LogPosition.START;
  private boolean known;
  private boolean underWay;
  private long begunNanos;

  /** Whether the site was seen to listen: it does not after a hand-over. */
  private boolean listens;

  Drain(World world) {
    this.world = world;
  }

  void begins() {
    underWay = true;
    known = false;
    listens = false;
    begunNanos = world.now();
  }

  /** There is none, or nobody has to know any more what it took. */
  void isOff() {
    underWay = false;
  }

  /** The site's process has ended, and with it what had arrived and was not in the log. */
  void died() {
    underWay = false;
    known = false;
  }

  /** Looks at what the site could have by now, just before it is polled. */
  void beforePoll(Site site) {
    if (underWay) {
      listens |= isDraining(site);
      if (lostItsSession(site)) {
        // What had arrived and was not in the log is gone with it, and nobody takes what comes.
        world.wire(site.other()).receiverDied();
      }
      SessionWatch session = world.wire(site.other()).latest();
      // Records behind images that are not whole are of no use: the site takes over with what it
      // had before the fill (M5).
      known = session != null && session.hasReceiver() && !isFilling(site);
      had = known ? session.recoverable() : LogPosition.START;
    }
  }

  /** A promotion that drains no more takes nothing more of the old epoch. */
  void afterPoll(Site site) {
    if (underWay && !isDraining(site)) {
      judgeSilence(site);
      world.wire(site.other()).close();
    }
  }

  /**
   * A site whose disk was made to fail may have ended its session: then it takes nothing. One that
   * waits for the first packet of a session has not ended it.
   */
  private boolean lostItsSession(Site site) {
    SessionWatch latest = world.wire(site.other()).latest();
    return site.troubled()
        && latest != null
        && latest.lastArrivalNanos() > 0
        && site.process().orElseThrow().node().snapshot(world.now()).link().isEmpty();
  }

  private boolean isFilling(Site site) {
    return site.process().orElseThrow().node().snapshot(world.now()).fill().isPresent();
  }

  private boolean isDraining(Site site) {
    return site.process().orElseThrow().node().snapshot(world.now()).promotion().stream()
        .anyMatch(promotion -> promotion.step() == PromotionStep.DRAINING);
  }

  private void judgeSilence(Site site) {
    if (listens) {
      listens = false;
      long heard = known ? world.wire(site.other()).latest().lastArrivalNanos() : 0;
      judge(
          site.name(),
          world.scenario().drainNanos(),
          world.now() - begunNanos,
          world.now() - heard);
    }
  }

  /**
   * @param listenedNanos since the site stopped acknowledging
   * @param silentNanos since the wire brought something
   */
  static void judge(String site, long drainNanos, long listenedNanos, long silentNanos) {
    Violation.unless(
        listenedNanos >= MAX_DRAINS * drainNanos
            || (listenedNanos >= drainNanos && silentNanos >= drainNanos),
        "A3",
        () ->
            "%s listened for %d ns, the link was silent for %d; the drain time is %d"
                .formatted(site, listenedNanos, silentNanos, drainNanos));
  }

  /** The site takes nothing more: compares. */
  void ends(Site site) {
    if (!underWay) {
      return;
    }
    judgeSilence(site);
    underWay = false;
    if (known && had.lsn() > 0) {
      LogPosition held = site.model().last();
      Violation.unless(
          held.lsn() >= had.lsn() && site.model().holds(had),
          "A3",
          () ->
              site.name()
                  + " ends its drain at "
                  + held
                  + ", the wire brought it, or what restores it, up to "
                  + had);
      if (world.wire(site.other()).latest().neededTheCode()) {
        world.rarities().reached(Rare.CODE_SAVED_ACKNOWLEDGED);
      }
    }
  }
}
