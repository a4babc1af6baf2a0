package dev.farshore.tests.sim;

import dev.farshore.link.model.SimulatedPath;
import dev.farshore.log.disk.DiskFaults.Call;
import java.io.FileNotFoundException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/** Does to a world what its scenario says, at seeded times. */
final class Nemesis {
  private static final long MILLIS = 1_000_000;
  private static final int LOG_BITS = 20;

  /** Where batches begin in a segment, what they are aligned to, and two headers together. */
  private static final int BATCHES_START = 12288;

  private static final int BATCH_ALIGNMENT = 8;
  private static final int BATCH_HEADERS_BYTES = 180;

  private final World world;
  private final Entropy entropy;
  private final Map<Fault, Long> nextNanos = new EnumMap<>(Fault.class);
  private Disaster disaster;
  private long spaceReturnsNanos = Long.MAX_VALUE;
  private boolean stopped;

  /** One under way. */
  private static final class Disaster {
    private final Site victim;
    private long nextNanos;
    private boolean dead;

    Disaster(Site victim, long nextNanos) {
      this.victim = victim;
      this.nextNanos = nextNanos;
    }
  }

  Nemesis(World world, Entropy entropy) {
    this.world = world;
    this.entropy = entropy;
    world
        .scenario()
        .faultNanos()
        .forEach((fault, mean) -> nextNanos.put(fault, entropy.exponential(mean)));
  }

  long nextNanos() {
    long next = spaceReturnsNanos;
    if (disaster != null) {
      next = Math.min(next, disaster.nextNanos);
    }
    for (long each : nextNanos.values()) {
      next = Math.min(next, each);
    }
    return stopped ? Long.MAX_VALUE : next;
  }

  void act(long now) {
    if (spaceReturnsNanos <= now) {
      returnSpace();
    }
    if (disaster != null && disaster.nextNanos <= now) {
      continueDisaster(now);
    }
    for (Fault fault : Fault.values()) {
      Long due = nextNanos.get(fault);
      if (due != null && due <= now) {
        long mean = world.scenario().faultNanos().get(fault);
        nextNanos.put(fault, now + entropy.exponential(mean));
        world.trace(fault.name(), 0, 0);
        strike(fault, now);
      }
    }
  }

  /** Everything that is wrong is put right, and nothing goes wrong any more. */
  void stop() {
    stopped = true;
    disaster = null;
    returnSpace();
    for (Site site : world.sites()) {
      site.platter().faults().heal();
      site.host().kernel().change(dev.farshore.link.model.KernelConditions.IDEAL);
      site.host().kernel().refuseNext(0);
      site.host().kernel().refuseLaterNext(0);
      site.host().kernel().blockUntil(0);
    }
    paths().forEach(SimulatedPath::heal);
    paths().forEach(SimulatedPath::openEntrance);
    paths().forEach(path -> path.change(world.scenario().paths().getFirst()));
  }

  private List<SimulatedPath> paths() {
    return List.of(path(world.site(0)), path(world.site(1)));
  }

  private SimulatedPath path(Site from) {
    return world.network().path(from.name(), from.other().name());
  }

  private Site either() {
    return world.site(entropy.below(2));
  }

  private Site leader() {
    return world.site(0).leads() ? world.site(0) : world.site(1);
  }

  private Site follower() {
    return leader().other();
  }

  private void strike(Fault fault, long now) {
    long while_ = entropy.spread(MILLIS, 3000 * MILLIS);
    switch (fault) {
      case PATH_CHANGES -> path(either()).change(entropy.pick(world.scenario().paths()));
      case PARTITION -> paths().forEach(path -> path.partition(now, now + while_));
      case ONE_WAY_PARTITION -> path(either()).partition(now, now + while_);
      case KERNEL_PUSHES_BACK -> {
        world.rarities().reached(Rare.KERNEL_PUSHED_BACK);
        either().host().kernel().blockUntil(now + while_ / 10);
      }
      case KERNEL_REFUSES -> {
        world.rarities().reached(Rare.KERNEL_REFUSED);
        if (entropy.chance(0.5)) {
          either().host().kernel().refuseNext(1 + entropy.below(20));
        } else {
          either().host().kernel().refuseLaterNext(1 + entropy.below(20));
        }
      }
      case KILL_PRIMARY -> leader().kill();
      case KILL_MIRROR -> follower().kill();
      case POWER_CUT_PRIMARY -> leader().cutPower();
      case POWER_CUT_MIRROR -> follower().cutPower();
      case POWER_CUT_BOTH -> world.sites().forEach(Site::cutPower);
      case PLANNED_PROMOTION -> world.operator().promote(follower(), false);
      case FORCED_PROMOTION -> world.operator().promote(follower(), true);
      case DISASTER -> beginDisaster(now);
      case VOLUME_CHANGES -> world.operator().changeVolume();
      default -> strikeDisk(fault, now + while_);
    }
  }

  private void strikeDisk(Fault fault, long until) {
    Site site = either();
    int call = (int) entropy.spread(1, 200);
    switch (fault) {
      case DEATH_AT_DISK_CALL -> {
        site.diesByPower(entropy.chance(0.7));
        site.platter().faults().losePowerAt(call);
      }
      case FORCE_FAILS -> {
        site.trouble();
        fail(site, Call.FORCE, (int) entropy.spread(1, 10));
      }
      case WRITE_FAILS -> {
        site.trouble();
        fail(site, Call.WRITE, call);
      }
      case READ_FAILS -> {
        site.trouble();
        fail(site, Call.READ, (int) entropy.spread(1, 20));
      }
      case DISK_FULL -> {
        site.trouble();
        world.rarities().reached(Rare.DISK_WAS_FULL);
        site.platter().setCapacity(site.platter().usedBytes() + entropy.below(200_000));
        spaceReturnsNanos = until;
      }
      case CACHE_DROPPED -> {
        if (!site.isUp()) {
          site.platter().dropCaches();
        }
      }
      case ROT -> rot(site);
      case LOG_ROT -> rotLog(either());
      case MIRROR_WIPED -> wipeMirror();
      default -> throw new IllegalStateException("no fault of disks: " + fault);
    }
  }

  private void fail(Site site, Call call, int n) {
    world.rarities().reached(Rare.FORCE_FAILED);
    if (entropy.chance(0.5)) {
      site.platter().faults().failOnce(EnumSet.of(call), n);
    } else {
      site.platter().faults().failFrom(EnumSet.of(call), n);
    }
  }

  private void returnSpace() {
    spaceReturnsNanos = Long.MAX_VALUE;
    world.sites().forEach(site -> site.platter().setCapacity(Long.MAX_VALUE));
  }

  /** Only a mirror whose leader serves, and has what it takes to fill it again. */
  private void wipeMirror() {
    boolean served = leader().process().map(SiteProcess::serving).orElse(false);
    if (served && !leader().oracle().mayBeDamaged() && !follower().leads()) {
      follower().wipe();
    }
  }

  /** Only where the other site is sound, and could go on alone with all that this one holds. */
  private static boolean mayRot(Site site) {
    Site other = site.other();
    return other.isUp()
        && !other.oracle().mayBeDamaged()
        && other.model().lastLsn() > 0
        && (!site.leads() || other.model().holds(site.model().last()));
  }

  private void rot(Site site) {
    if (mayRot(site)) {
      site.kill();
      rot(site, 1, "");
    }
  }

  /**
   * Several places, for most of a log is in memory too, or in the images. Sometimes the site is
   * started again, so that the damage is met when it opens and when the logs are compared.
   */
  private void rotLog(Site site) {
    if (mayRot(site)) {
      rot(site, LOG_BITS, ".segment");
      if (entropy.chance(0.3)) {
        site.kill();
      }
    }
  }

  private void rot(Site site, int bits, String suffix) {
    List<String> files =
        site.platter().names().stream()
            .filter(name -> name.endsWith(suffix) && size(site, name) > 0)
            .toList();
    if (files.isEmpty()) {
      return;
    }
    site.trouble();
    site.oracle().rotted();
    for (int i = 0; i < bits; i++) {
      String file = entropy.pick(files);
      long at =
          suffix.isEmpty() || entropy.chance(0.5)
              ? entropy.between(0, size(site, file) - 1)
              : header(site, file);
      try {
        site.platter().flipBit(file, at * 8 + entropy.below(8));
      } catch (FileNotFoundException e) {
        throw new IllegalStateException("listed and not there", e);
      }
    }
  }

  /** A byte of the header of a batch, or of the record behind it, if the file has any. */
  private long header(Site site, String name) {
    byte[] bytes = bytes(site, name);
    List<Integer> batches = new ArrayList<>();
    for (int at = BATCHES_START; at + BATCH_HEADERS_BYTES <= bytes.length; at += BATCH_ALIGNMENT) {
      if (bytes[at + 4] == 'F' && bytes[at + 5] == 'S' && bytes[at + 6] == 'B') {
        batches.add(at);
      }
    }
    return batches.isEmpty()
        ? entropy.between(0, bytes.length - 1)
        : entropy.pick(batches) + entropy.between(0, BATCH_HEADERS_BYTES - 1);
  }

  private static long size(Site site, String name) {
    return bytes(site, name).length;
  }

  private static byte[] bytes(Site site, String name) {
    try {
      return site.platter().liveBytes(name);
    } catch (FileNotFoundException e) {
      throw new IllegalStateException("listed and not there", e);
    }
  }

  private void beginDisaster(long now) {
    Site victim = leader();
    if (disaster == null && victim.isUp() && victim.other().isUp()) {
      path(victim).closeEntrance();
      path(victim.other()).closeEntrance();
      disaster = new Disaster(victim, now + entropy.spread(MILLIS, 300 * MILLIS));
    }
  }

  private void continueDisaster(long now) {
    Site victim = disaster.victim;
    if (!disaster.dead) {
      disaster.dead = true;
      if (entropy.chance(0.5)) {
        victim.kill();
      } else {
        victim.cutPower();
      }
      victim.startAt(now + 20_000 * MILLIS);
      disaster.nextNanos = now + entropy.spread(MILLIS, 4000 * MILLIS);
    } else {
      disaster = null;
      paths().forEach(SimulatedPath::openEntrance);
      world.operator().promote(victim.other(), false);
      victim.startAt(now + entropy.spread(100 * MILLIS, 5000 * MILLIS));
    }
  }
}
