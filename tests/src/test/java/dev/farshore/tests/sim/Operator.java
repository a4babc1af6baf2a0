package dev.farshore.tests.sim;

import dev.farshore.agent.mirror.GroupSnapshot;
import dev.farshore.agent.mirror.PromotionStep;
import dev.farshore.agent.mirror.VolumeAdministration;
import dev.farshore.log.group.VolumeInfo;
import dev.farshore.log.record.LogPosition;
import java.util.List;
import java.util.Optional;

/**
 * The person who runs the two sites: starts what is down, makes the volumes, restarts a site whose
 * store has failed, replaces a disk that is damaged, and promotes a site when none leads.
 */
final class Operator {
  private static final long ROUND_NANOS = 50_000_000;
  private static final long PATIENCE_NANOS = 1_000_000_000;

  /** Rounds: 20 s, so that the fold has tried again in between. */
  private static final int STALLED_LOOKS_MAX = 400;

  private final World world;
  private final Entropy entropy;
  private long nextNanos;
  private final int[] looksStalled = new int[2];
  private long leaderlessSinceNanos = Long.MAX_VALUE;
  private boolean creating;

  Operator(World world, Entropy entropy) {
    this.world = world;
    this.entropy = entropy;
  }

  long nextNanos() {
    long next = nextNanos;
    for (Site site : world.sites()) {
      next = Math.min(next, site.startsAtNanos().orElse(Long.MAX_VALUE));
    }
    return next;
  }

  void act(long now) {
    for (Site site : world.sites()) {
      if (site.startsAtNanos().isPresent() && site.startsAtNanos().getAsLong() <= now) {
        start(site);
      }
    }
    if (nextNanos <= now) {
      nextNanos = now + ROUND_NANOS;
      world.sites().forEach(this::care);
      lead(now);
      makeVolumes();
    }
  }

  private void start(Site site) {
    site.start();
    if (site.isUp()) {
      world.verify(site);
    }
  }

  private void care(Site site) {
    if (site.isUp()) {
      site.lookout().look(snapshot(site));
    }
    if (site.isUp() && site.oracle().mayBeDamaged() && isStalled(site)) {
      looksStalled[site.index()]++;
    } else {
      looksStalled[site.index()] = 0;
    }
    if (looksStalled[site.index()] > STALLED_LOOKS_MAX && site.other().isUp()) {
      site.giveUp();
    }
    if (site.damaged() && !site.isUp() && site.other().process().isPresent()) {
      replaceDisk(site);
    } else if (site.isUp() && snapshot(site).trouble().isPresent()) {
      world.rarities().reached(Rare.STORE_FAILED);
      site.platter().faults().heal();
      if (entropy.chance(0.1)) {
        site.kill();
      }
    }
  }

  private static boolean isStalled(Site site) {
    return site.process().orElseThrow().store().stream()
        .flatMap(store -> store.foldProgress().stalled().stream())
        .anyMatch(cause -> Damage.isTyped(cause) && !Damage.isInjected(cause));
  }

  /** The other site must be able to give everything back first. */
  private void replaceDisk(Site site) {
    if (site.other().leads()) {
      site.wipe();
    } else {
      promote(site.other(), false);
    }
  }

  GroupSnapshot snapshot(Site site) {
    return site.process().orElseThrow().node().snapshot(world.now());
  }

  /** When both sites run and neither leads nor is about to, one of them is promoted. */
  private void lead(long now) {
    boolean leaderless =
        world.sites().stream().allMatch(site -> site.isUp() && !site.leads() && !promoting(site));
    if (!leaderless) {
      leaderlessSinceNanos = Long.MAX_VALUE;
    } else if (leaderlessSinceNanos == Long.MAX_VALUE) {
      leaderlessSinceNanos = now;
    } else if (now - leaderlessSinceNanos > PATIENCE_NANOS) {
      leaderlessSinceNanos = Long.MAX_VALUE;
      promote(further(), false);
    }
  }

  /** The site that has seen the higher epoch; of equal ones the one with the longer log. */
  private Site further() {
    Site one = world.site(0);
    Site two = world.site(1);
    int byEpoch =
        one.leadership()
            .orElseThrow()
            .promised()
            .compareTo(two.leadership().orElseThrow().promised());
    int order = byEpoch != 0 ? byEpoch : Long.compare(one.model().lastLsn(), two.model().lastLsn());
    return order >= 0 ? one : two;
  }

  private boolean promoting(Site site) {
    return snapshot(site).promotion().stream()
        .anyMatch(p -> p.step() != PromotionStep.FAILED && p.step() != PromotionStep.DONE);
  }

  void promote(Site site, boolean force) {
    site.run(
        () -> {
          if (site.isUp()) {
            Optional<String> refused = site.process().orElseThrow().node().promote(force);
            world.trace(refused.isEmpty() ? "promote" : "promote refused", site.index(), 0);
            site.process().orElseThrow().wake();
          }
        });
  }

  private void makeVolumes() {
    Optional<Site> leader = serving();
    if (leader.isEmpty() || creating) {
      return;
    }
    int volumes = leader.get().process().orElseThrow().volumeNames().size();
    if (volumes < world.scenario().load().volumes()) {
      create(leader.get());
    }
  }

  private void create(Site site) {
    long size = (long) world.scenario().load().volumeCells() * world.cells().bytes();
    String name = "volume-" + entropy.below(1 << 20);
    creating = true;
    site.run(
        () -> {
          VolumeAdministration volumes =
              site.process().orElseThrow().node().administration().orElseThrow();
          volumes.create(name, size, outcome(site));
        });
  }

  /** Resizes or removes some volume, or makes another one. */
  void changeVolume() {
    Optional<Site> leader = serving();
    if (leader.isEmpty() || creating) {
      return;
    }
    Site site = leader.get();
    List<VolumeInfo> volumes = site.process().orElseThrow().store().orElseThrow().volumes();
    if (volumes.isEmpty() || entropy.chance(0.3)) {
      create(site);
      return;
    }
    String name = entropy.pick(volumes).name();
    boolean resizes = entropy.chance(0.6);
    long size =
        entropy.between(1, 2L * world.scenario().load().volumeCells()) * world.cells().bytes();
    creating = true;
    site.run(
        () -> {
          VolumeAdministration administration =
              site.process().orElseThrow().node().administration().orElseThrow();
          if (resizes) {
            administration.resize(name, size, outcome(site));
          } else {
            administration.remove(name, outcome(site));
          }
        });
  }

  private Optional<Site> serving() {
    return world.sites().stream()
        .filter(site -> site.process().map(SiteProcess::serving).orElse(false))
        .findFirst();
  }

  /** The outcome of an administrator's change; none comes if the process dies before. */
  VolumeAdministration.Outcome outcome(Site site) {
    SiteProcess process = site.process().orElseThrow();
    return new VolumeAdministration.Outcome() {
      private final LogPosition before = site.model().last();

      @Override
      public void done() {
        Violation.unless(process.isAlive(), "N6", () -> "a dead process answers its administrator");
        creating = false;
        world.promises().administrationDone(site, site.model().positionAt(before.lsn() + 1));
      }

      @Override
      public void failed(String reason) {
        creating = false;
      }
    };
  }

  /** The process that an outcome was awaited from is gone. */
  void processDied() {
    creating = false;
  }
}
