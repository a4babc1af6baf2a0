package dev.farshore.tests.sim;

import dev.farshore.agent.mirror.GroupSettings;
import dev.farshore.agent.mirror.Leadership;
import dev.farshore.agent.mirror.Role;
import dev.farshore.link.model.SimulatedHost;
import dev.farshore.log.disk.DiskFaults.PowerLoss;
import dev.farshore.log.disk.DiskFullException;
import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.disk.SimulatedPlatter;
import dev.farshore.tests.sim.StoreOracle.Death;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One of the two sites: a host, a disk, and the process that runs there now, if one does. What
 * outlives the process is here.
 */
final class Site {
  static final int PORT = 7000;

  private final World world;
  private final int index;
  private final String name;
  private final SimulatedHost host;
  private final Entropy entropy;
  private final DiskTiming timing;
  private final StoreOracle oracle;
  private final ObservedLeadership leadership;

  private final Lookout lookout;
  private SimulatedPlatter platter;
  private Optional<SiteProcess> process = Optional.empty();
  private OptionalLong startsAtNanos = OptionalLong.of(0);
  private Role initialRole;
  private int generation;
  private boolean diesByPower = true;
  private boolean troubled;
  private boolean damaged;

  Site(World world, int index, String name, DiskTiming timing, Entropy entropy) {
    this.world = world;
    this.index = index;
    this.name = name;
    this.timing = timing;
    this.entropy = entropy;
    this.host = world.network().host(name);
    this.initialRole = index == 0 ? Role.PRIMARY : Role.MIRROR;
    this.platter = new SimulatedPlatter(entropy.generator(), timing);
    this.oracle = new StoreOracle(name, world.cells(), world.lineage(), world.rarities());
    this.lookout = new Lookout(world.scenario(), world.rarities());
    this.leadership = new ObservedLeadership(name, this::onLeadership);
  }

  int index() {
    return index;
  }

  String name() {
    return name;
  }

  SimulatedHost host() {
    return host;
  }

  Site other() {
    return world.site(1 - index);
  }

  StoreOracle oracle() {
    return oracle;
  }

  /** LSN up to which its log says to be durable at this moment; 0 if no process runs. */
  long forcedNow() {
    return process.flatMap(SiteProcess::store).map(store -> store.log().forced()).orElse(0L);
  }

  LogModel model() {
    return oracle.model();
  }

  SimulatedPlatter platter() {
    return platter;
  }

  Optional<SiteProcess> process() {
    return process;
  }

  /** Somebody may have given its process work. */
  void touched() {
    process.ifPresent(SiteProcess::touched);
  }

  boolean isUp() {
    return process.isPresent();
  }

  /** What this site has durably written of its leadership. */
  Optional<Leadership> leadership() {
    return leadership.durable();
  }

  Lookout lookout() {
    return lookout;
  }

  ObservedLeadership observedLeadership() {
    return leadership;
  }

  /** How often its disk has been replaced. */
  int generation() {
    return generation;
  }

  /** Whether its disk has ever failed on purpose, so that requests may fail for it. */
  boolean troubled() {
    return troubled;
  }

  void trouble() {
    troubled = true;
  }

  /** Whether its stored bytes were found to be damaged, so that only an empty disk helps. */
  boolean damaged() {
    return damaged;
  }

  /** How a death at a disk call ends the process. */
  void diesByPower(boolean power) {
    diesByPower = power;
  }

  boolean leads() {
    return leadership().map(l -> l.role() == Role.PRIMARY).orElse(initialRole == Role.PRIMARY);
  }

  private void onLeadership(Leadership before, Leadership now) {
    world.trace("leadership " + now.role(), index, now.promised().hashCode());
    world.promises().leadershipWritten(this, before, now);
  }

  GroupSettings settings() {
    Scenario scenario = world.scenario();
    return new GroupSettings(
        World.GROUP,
        index + 1,
        initialRole,
        Optional.of(other().host.address(PORT)),
        scenario.mode(),
        scenario.risk(),
        scenario.link(),
        scenario.startWaitNanos(),
        scenario.drainNanos());
  }

  /** When the site starts again; empty if it runs, or nobody will start it. */
  OptionalLong startsAtNanos() {
    return process.isPresent() ? OptionalLong.empty() : startsAtNanos;
  }

  void startAt(long nanos) {
    startsAtNanos = OptionalLong.of(nanos);
  }

  void stayDown() {
    startsAtNanos = OptionalLong.empty();
  }

  /** Starts a process, which recovers what is on disk. */
  void start() {
    startsAtNanos = OptionalLong.empty();
    world.trace("start", index, 0);
    host.powerOn();
    long failures = platter.faults().failures();
    SiteProcess started = new SiteProcess(world, this, entropy.fork());
    try {
      started.open();
      process = Optional.of(started);
      world.promises().started(this);
    } catch (PowerLoss e) {
      world.rarities().reached(Rare.DEATH_IN_THE_MIDDLE);
      end(diesByPower ? Death.POWER : Death.PROCESS);
    } catch (IOException | UncheckedIOException e) {
      startFailed(e, platter.faults().failures() > failures);
    }
  }

  /**
   * A start may only fail for what was done to the disk.
   *
   * @param disturbed whether a call was made to fail while it started: what could not be read then
   *     is reported as damage, by a place that may not know why it could not
   */
  private void startFailed(Exception e, boolean disturbed) {
    world.trace("start failed", index, 0);
    boolean damage = Damage.isTyped(e) && !Damage.isInjected(e) && !disturbed;
    if (damage && oracle.mayBeDamaged()) {
      world.rarities().reached(Rare.DAMAGE_FOUND);
      damaged = true;
      end(Death.PROCESS);
      stayDown();
    } else if (!damage && (platter.faults().failures() > 0 || isForLackOfRoom(e))) {
      end(Death.PROCESS);
    } else {
      throw new Violation("L2: " + name + " does not start", e);
    }
  }

  /** Recovery goes on in a fresh segment, so a start waits for room like a write does. */
  private static boolean isForLackOfRoom(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof DiskFullException) {
        return true;
      }
    }
    return false;
  }

  /** A running site cannot read what it holds; only for what was done to the disk. */
  void unreadable(IOException e) {
    boolean damage = Damage.isTyped(e) && !Damage.isInjected(e);
    if (damage && oracle.mayBeDamaged()) {
      world.rarities().reached(Rare.DAMAGE_FOUND);
      damaged = true;
      end(Death.PROCESS);
      stayDown();
    } else if (platter.faults().failures() == 0 || damage) {
      throw new Violation("L5: " + name + " cannot be read", e);
    }
  }

  /**
   * Its status says that damage keeps records from being folded, for ever: its operator ends it.
   */
  void giveUp() {
    world.rarities().reached(Rare.DAMAGE_FOUND);
    damaged = true;
    end(Death.PROCESS);
    stayDown();
  }

  /** Runs something of the product at this site; a death at a disk call ends it there. */
  void run(Runnable action) {
    try {
      action.run();
    } catch (PowerLoss e) {
      world.rarities().reached(Rare.DEATH_IN_THE_MIDDLE);
      end(diesByPower ? Death.POWER : Death.PROCESS);
    } catch (UncheckedIOException e) {
      if (platter.faults().failures() == 0) {
        throw new Violation("the process of " + name + " stops without cause", e);
      }
      end(Death.PROCESS);
    }
  }

  /** kill -9: pages survive. */
  void kill() {
    if (isUp()) {
      end(Death.PROCESS);
    }
  }

  /** The power goes, also if no process runs. */
  void cutPower() {
    end(Death.POWER);
  }

  private void end(Death how) {
    world.trace("death by " + how, index, 0);
    // After a failed force the page cache holds nothing for sure: it is as if the power went.
    boolean cacheLies = process.flatMap(SiteProcess::store).flatMap(s -> s.failure()).isPresent();
    Death seen = cacheLies ? Death.POWER : how;
    process.ifPresent(running -> lookout.dies(running.node().snapshot(world.now())));
    process.ifPresent(world.clients()::processDied);
    process.ifPresent(SiteProcess::dies);
    world.operator().processDied();
    process = Optional.empty();
    oracle.died(seen);
    world.promises().died(this, seen);
    if (how == Death.POWER) {
      host.powerOff();
      platter.powerCut();
      host.powerOn();
    } else {
      host.kill();
      platter.processDeath();
    }
    startAt(world.now() + entropy.spread(1_000_000, 3_000_000_000L));
  }

  /** Stops cleanly. */
  void stop() throws IOException {
    SiteProcess running = process.orElseThrow();
    world.clients().processDied(running);
    running.close();
    process = Optional.empty();
    host.kill();
    platter.processDeath();
  }

  /** The disk is replaced by an empty one; the site comes back as a mirror. */
  void wipe() {
    kill();
    world.trace("wipe", index, 0);
    platter = new SimulatedPlatter(entropy.generator(), timing);
    generation++;
    damaged = false;
    initialRole = Role.MIRROR;
    oracle.wiped();
    leadership.wiped();
    world.promises().wiped(this);
    startAt(world.now() + entropy.spread(1_000_000, 1_000_000_000L));
  }
}
