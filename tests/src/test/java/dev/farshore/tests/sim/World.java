package dev.farshore.tests.sim;

import dev.farshore.emulab.testbed.wire.WireWatch;
import dev.farshore.link.model.SimulatedNetwork;
import dev.farshore.link.port.ControlSettings;
import java.io.IOException;
import java.util.List;

/**
 * Two sites, the network between them, their clients, an operator and a nemesis, in virtual time.
 * One step is one round of one of them; who is next among those that have something to do is
 * seeded.
 */
final class World {
  static final String GROUP = "group";
  private static final ControlSettings CONTROL =
      new ControlSettings(3_000_000_000L, 2_000_000_000L, 4 << 20);
  private static final long WALL_MILLIS = 1_800_000_000_000L;
  private static final long MAX_STEPS = 3_000_000;

  /** Who takes a step; clients are numbered from the last one on. */
  private static final int NETWORK = 0;

  private static final int OPERATOR = 1;
  private static final int NEMESIS = 2;
  private static final int FIRST_SITE = 3;
  private static final int FIRST_CLIENT = 5;

  private final Scenario scenario;
  private final Cells cells;
  private final Stores stores;
  private final Trace trace = new Trace();
  private final Rarities rarities = new Rarities();
  private final Lineage lineage = new Lineage();
  private final Entropy order;
  private final SimulatedNetwork network;
  private final List<Site> sites;
  private final List<WireWatch> wires;
  private final Promises promises;
  private final RiskOracle risk;
  private final BoundsOracle bounds;
  private final Auditor auditor;
  private final Clients clients;
  private final Operator operator;
  private final Nemesis nemesis;
  private final int[] due;
  private long now;
  private long steps;

  World(Scenario scenario) {
    this.scenario = scenario;
    this.cells = new Cells(scenario.cellBytes());
    this.stores = new Stores(scenario.storage(), this::now);
    Entropy entropy = new Entropy(Trace.mix(scenario.seed()));
    this.order = entropy.fork();
    this.network =
        new SimulatedNetwork(entropy.generator().nextLong(), scenario.paths().getFirst(), CONTROL);
    this.sites =
        List.of(
            new Site(this, 0, "west", scenario.disks().get(0), entropy.fork()),
            new Site(this, 1, "east", scenario.disks().get(1), entropy.fork()));
    sites.get(0).oracle().pair(sites.get(1).oracle());
    sites.get(1).oracle().pair(sites.get(0).oracle());
    this.wires = List.of(watch(0), watch(1));
    this.promises = new Promises(this);
    this.risk = new RiskOracle(this);
    this.bounds = new BoundsOracle(this);
    this.auditor = new Auditor(this, entropy.fork());
    this.clients = new Clients(this, entropy.fork());
    this.operator = new Operator(this, entropy.fork());
    this.nemesis = new Nemesis(this, entropy.fork());
    this.due = new int[FIRST_CLIENT + scenario.load().clients() + 1];
  }

  private WireWatch watch(int from) {
    WireWatch watch = WireWatch.ofAll(() -> site(1 - from).isUp());
    network
        .path(site(from).name(), site(1 - from).name())
        .capture(new ReportWatch(watch, site(from)::forcedNow));
    return watch;
  }

  Scenario scenario() {
    return scenario;
  }

  Cells cells() {
    return cells;
  }

  Lineage lineage() {
    return lineage;
  }

  Rarities rarities() {
    return rarities;
  }

  SimulatedNetwork network() {
    return network;
  }

  List<Site> sites() {
    return sites;
  }

  Site site(int index) {
    return sites.get(index);
  }

  /** What the path from this site to the other one carries. */
  WireWatch wire(Site from) {
    return wires.get(from.index());
  }

  Promises promises() {
    return promises;
  }

  RiskOracle risk() {
    return risk;
  }

  BoundsOracle bounds() {
    return bounds;
  }

  Auditor auditor() {
    return auditor;
  }

  Clients clients() {
    return clients;
  }

  Operator operator() {
    return operator;
  }

  Nemesis nemesis() {
    return nemesis;
  }

  long now() {
    return now;
  }

  long steps() {
    return steps;
  }

  long wallMillis() {
    return WALL_MILLIS + now / 1_000_000;
  }

  Trace trace() {
    return trace;
  }

  void trace(String event, long a, long b) {
    trace.event(now, event, a, b);
  }

  Stores stores() {
    return stores;
  }

  /** Reads all of what a site holds, just after it was started. */
  void verify(Site site) {
    SiteProcess process = site.process().orElseThrow();
    site.run(
        () -> {
          if (process.store().isPresent()) {
            process.verify();
          }
        });
  }

  /** Runs until that time, or until nothing is left to wait for. */
  void runUntil(long nanos) {
    while (now < nanos) {
      step(nanos);
    }
  }

  /** One step of somebody, or the jump to when the next one is due, but not beyond that time. */
  void step(long limitNanos) {
    if (++steps > MAX_STEPS) {
      throw new Violation("R1: no end after " + MAX_STEPS + " steps");
    }
    int count = collectDue();
    if (count == 0) {
      long next = nextNanos();
      Violation.unless(
          next > now, "R1", () -> "due at " + next + ", and nobody does anything at " + now);
      now = Math.min(next, limitNanos);
    } else {
      act(due[order.below(count)]);
    }
  }

  /** Notes who has something to do now, and returns how many they are. */
  private int collectDue() {
    int count = 0;
    if (network.nextDeadlineNanos() <= now) {
      due[count++] = NETWORK;
    }
    for (int i = 0; i < sites.size(); i++) {
      if (sites.get(i).process().isPresent() && sites.get(i).process().get().isDue(now)) {
        due[count++] = FIRST_SITE + i;
      }
    }
    count = clients.addDue(now, due, count, FIRST_CLIENT);
    if (operator.nextNanos() <= now) {
      due[count++] = OPERATOR;
    }
    if (nemesis.nextNanos() <= now) {
      due[count++] = NEMESIS;
    }
    return count;
  }

  private void act(int who) {
    switch (who) {
      case NETWORK -> network.poll(now);
      case OPERATOR -> operator.act(now);
      case NEMESIS -> nemesis.act(now);
      case FIRST_SITE, FIRST_SITE + 1 -> {
        poll(sites.get(who - FIRST_SITE));
        return;
      }
      default -> clients.act(who - FIRST_CLIENT, now);
    }
    // All but a site's own round may have given work to either site.
    sites.forEach(Site::touched);
  }

  private long nextNanos() {
    long next = Math.min(network.nextDeadlineNanos(), clients.nextNanos());
    for (Site site : sites) {
      if (site.process().isPresent()) {
        next = Math.min(next, site.process().get().deadlineNanos());
      }
    }
    return Math.min(next, Math.min(operator.nextNanos(), nemesis.nextNanos()));
  }

  private void poll(Site site) {
    trace("poll", site.index(), 0);
    promises.beforePoll(site);
    site.run(() -> site.process().orElseThrow().poll(now));
    if (site.isUp()) {
      promises.afterPoll(site);
    }
  }

  /** Ends what runs, cleanly, and looks at what is left. */
  void stopCleanly() throws IOException {
    for (Site site : sites) {
      if (site.isUp()) {
        site.stop();
      }
    }
  }
}
