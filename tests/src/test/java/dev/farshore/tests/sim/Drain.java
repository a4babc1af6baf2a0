package dev.farshore.tests.sim;

import dev.farshore.agent.mirror.PromotionStep;
import dev.farshore.log.record.LogPosition;

/**
 * Watches one site drain its link before it takes over: everything that the wire brought until the
 * drain ended, and everything that the code restores from it, is in the log then (invariants A3,
 * F5).
 */
final class Drain {
  private final World world;
  private LogPosition had = LogPosition.START;
  private boolean known;
  private boolean underWay;

  Drain(World world) {
    this.world = world;
  }

  void begins() {
    underWay = true;
    known = false;
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
      SessionWatch session = world.wire(site.other()).latest();
      known = session != null && session.hasReceiver();
      had = known ? session.recoverable() : LogPosition.START;
    }
  }

  /** A promotion that drains no more takes nothing more of the old epoch. */
  void afterPoll(Site site) {
    if (underWay && !isDraining(site)) {
      world.wire(site.other()).close();
    }
  }

  private boolean isDraining(Site site) {
    return site.process().orElseThrow().node().snapshot(world.now()).promotion().stream()
        .anyMatch(promotion -> promotion.step() == PromotionStep.DRAINING);
  }

  /** The site takes nothing more: compares. */
  void ends(Site site) {
    if (!underWay) {
      return;
    }
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
