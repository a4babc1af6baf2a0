package dev.farshore.tests.sim;

import dev.farshore.agent.mirror.GroupSnapshot;
import dev.farshore.agent.mirror.LinkState;
import dev.farshore.agent.mirror.Role;
import dev.farshore.log.LogDamagedException;
import dev.farshore.log.group.GroupStore;
import java.io.IOException;
import java.util.List;

/**
 * The second part of a run: nothing goes wrong any more, and within a bounded time one site serves,
 * the other has everything, and everybody has been answered (invariants K8, R1).
 */
final class Convergence {
  private static final long CALM_NANOS = 500_000_000;
  private static final long PATIENCE_NANOS = 180_000_000_000L;
  private static final long LOOK_NANOS = 20_000_000;

  private final World world;
  private final Entropy entropy;

  Convergence(World world) {
    this.world = world;
    this.entropy = new Entropy(world.scenario().seed());
  }

  void run() throws IOException {
    world.nemesis().stop();
    long begun = world.now();
    world.runUntil(begun + CALM_NANOS);
    awaitServing(begun);
    world.clients().stop();
    String missing = missing();
    while (!missing.isEmpty()) {
      String lacks = missing;
      Violation.unless(
          world.now() - begun < PATIENCE_NANOS, "K8", () -> "does not converge: " + lacks);
      world.runUntil(world.now() + LOOK_NANOS);
      missing = missing();
    }
    compare();
    world.stopCleanly();
    reopen();
  }

  /** Clients get to see the end of every trouble before they stop. */
  private void awaitServing(long begun) {
    while (world.sites().stream().noneMatch(this::serves)) {
      Violation.unless(
          world.now() - begun < PATIENCE_NANOS, "F8", () -> "nobody serves: " + describe());
      world.runUntil(world.now() + LOOK_NANOS);
    }
    world.runUntil(world.now() + CALM_NANOS);
  }

  private boolean serves(Site site) {
    return site.process().map(SiteProcess::serving).orElse(false);
  }

  /** What is not as it should be in the end; empty if nothing is. */
  private String missing() {
    if (!world.sites().stream().allMatch(Site::isUp)) {
      return "a site is down; " + describe();
    }
    List<Site> serving = world.sites().stream().filter(this::serves).toList();
    if (serving.size() != 1) {
      return serving.size() + " sites serve; " + describe();
    }
    Site leader = serving.getFirst();
    GroupSnapshot primary = world.operator().snapshot(leader);
    GroupSnapshot mirror = world.operator().snapshot(leader.other());
    boolean settled =
        primary.linkState() == LinkState.STREAMING
            && !primary.needsFill()
            && !primary.degraded()
            && leader.oracle().degradedLsn() == 0
            && !primary.blocking()
            && mirror.leadership().role() == Role.MIRROR
            && primary.watermarks().mirrored() == leader.model().lastLsn()
            && leader.other().oracle().forced() == leader.model().lastLsn();
    if (!settled) {
      return "the mirror lacks something; " + describe();
    }
    return world.clients().outstanding() > 0 ? "a reply is missing; " + describe() : "";
  }

  private String describe() {
    StringBuilder text = new StringBuilder();
    for (Site site : world.sites()) {
      text.append(System.lineSeparator()).append("  ").append(site.name()).append(": ");
      if (site.isUp()) {
        GroupSnapshot now = world.operator().snapshot(site);
        text.append(now.leadership())
            .append(", ")
            .append(now.standing())
            .append(", link ")
            .append(now.linkState())
            .append(" ")
            .append(now.linkProblem())
            .append(", ")
            .append(now.watermarks())
            .append(", ends at ")
            .append(site.model().lastLsn())
            .append(", fill ")
            .append(now.fill())
            .append(now.needsFill() ? " needed" : "")
            .append(", degraded ")
            .append(now.degraded())
            .append(", blocking ")
            .append(now.blocking())
            .append(", promotion ")
            .append(now.promotion())
            .append(", failure ")
            .append(now.trouble())
            .append(", retained ")
            .append(now.retainedBytes())
            .append(", folded ")
            .append(now.folded());
      } else {
        text.append("down, starts at ").append(site.startsAtNanos());
      }
    }
    text.append(System.lineSeparator())
        .append("  outstanding ")
        .append(world.clients().outstanding());
    return text.toString();
  }

  private void compare() {
    LogModel one = world.site(0).model();
    LogModel two = world.site(1).model();
    Violation.unless(
        one.last().equals(two.last()),
        "M1",
        () -> "the logs end at " + one.last() + ", " + two.last());
    world.sites().forEach(world::verify);
  }

  /** What a clean stop left is all there. */
  private void reopen() throws IOException {
    for (Site site : world.sites()) {
      if (!site.damaged()) {
        reopen(site);
      }
    }
  }

  /** What rotted while a site ran may be found now; never is it taken for something else. */
  private void reopen(Site site) throws IOException {
    try {
      reopenSound(site);
    } catch (LogDamagedException e) {
      if (!site.oracle().mayBeDamaged()) {
        throw e;
      }
      world.rarities().reached(Rare.DAMAGE_FOUND);
    }
  }

  private void reopenSound(Site site) throws IOException {
    long groupId = site.leadership().orElseThrow().groupId();
    try (var disk = site.platter().mount();
        GroupStore store =
            world.stores().over(disk, () -> groupId, entropy.generator()).open().orElseThrow()) {
      site.oracle().opened(store);
      Violation.unless(
          store.log().recovery().clean(), "L2", () -> site.name() + " was not closed cleanly");
      new Verifier(site.name(), disk, store, site.model()).verify();
    }
  }
}
