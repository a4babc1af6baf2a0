package dev.farshore.tests.sim;

import dev.farshore.agent.mirror.GroupStorage;
import dev.farshore.agent.mirror.Leadership;
import dev.farshore.agent.mirror.LeadershipFile;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.SimulatedPlatter;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.util.Optional;

/**
 * Looks at the platter behind a promise of durability: opens a copy of what a site's disk would
 * hold for certain if the power went now.
 */
final class Auditor {

  private final World world;
  private final Entropy entropy;

  Auditor(World world, Entropy entropy) {
    this.world = world;
    this.entropy = entropy;
  }

  /** Looks at a seeded share of the promises. */
  void perhaps(Site site, LogPosition promised) {
    if (entropy.chance(world.scenario().auditShare()) && !site.oracle().mayBeDamaged()) {
      audit(site, promised);
    }
  }

  private void audit(Site site, LogPosition promised) {
    SimulatedPlatter copy = site.platter().durableCopy(entropy.generator());
    String what = site.name() + " promised that " + promised + " is durable";
    try (Disk disk = copy.mount()) {
      Optional<Leadership> leadership = new LeadershipFile(disk).read();
      Violation.unless(
          leadership.equals(site.leadership()), "F4", () -> "the platter knows only " + leadership);
      long groupId = leadership.orElseThrow().groupId();
      GroupStorage storage = world.stores().over(disk, () -> groupId, entropy.generator());
      try (GroupStore store = storage.open().orElseThrow()) {
        boolean there =
            store.log().last().lsn() >= promised.lsn()
                && (promised.lsn() < store.log().first()
                    || store.log().positionAt(promised.lsn()).filter(promised::equals).isPresent());
        Violation.unless(there, "L2", () -> what + ", the platter ends at " + store.log().last());
      }
    } catch (IOException e) {
      throw new Violation("L2: " + what + ", the platter cannot be read", e);
    }
  }
}
