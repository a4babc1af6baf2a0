package dev.farshore.tests.sim;

import dev.farshore.agent.mirror.ControlReception;
import dev.farshore.agent.mirror.GroupNode;
import dev.farshore.agent.mirror.GroupStorage;
import dev.farshore.agent.mirror.LeadershipFile;
import dev.farshore.agent.mirror.NodePorts;
import dev.farshore.agent.mirror.Role;
import dev.farshore.agent.mirror.SessionRouter;
import dev.farshore.link.port.ControlNetwork;
import dev.farshore.link.port.DatagramPort;
import dev.farshore.log.disk.SimulatedDisk;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/**
 * One life of a site's agent, wired as the daemon wires it: polled when the disk, the network or a
 * client brought work, and at its deadlines; not otherwise, so that a forgotten wake-up shows.
 */
final class SiteProcess {
  private static final int MAX_IDLE_POLLS = 100;

  private final World world;
  private final Site site;
  private final Entropy entropy;
  private final SimulatedDisk disk;
  private final ArrayDeque<Request> changes = new ArrayDeque<>();
  private ControlReception reception;
  private GroupNode node;
  private Optional<ObservedStore> store = Optional.empty();
  private boolean alive = true;
  private boolean awake = true;
  private boolean touched = true;
  private long deadlineNanos;
  private boolean serving;
  private int roleChanges;
  private long idlePolls;
  private long idleNanos;

  SiteProcess(World world, Site site, Entropy entropy) {
    this.world = world;
    this.site = site;
    this.entropy = entropy;
    this.disk = site.platter().mount();
  }

  Site site() {
    return site;
  }

  void open() throws IOException {
    DatagramPort datagrams = site.host().datagrams(Site.PORT, 1500);
    ControlNetwork control = site.host().control();
    SessionRouter router =
        new SessionRouter(datagrams, world::now, entropy.generator(), this::wake);
    reception = new ControlReception(world::now, this::wake);
    NodePorts ports =
        new NodePorts(
            control, router, world::now, world::wallMillis, entropy.generator(), this::wake);
    node =
        new GroupNode(
            site.settings(),
            new Storage(world.stores().over(disk, this::groupId, entropy.generator())),
            site.observedLeadership().over(new LeadershipFile(disk)),
            ports,
            this::onRole);
    reception.add(node);
    control.listen(site.host().address(Site.PORT), reception::accept);
  }

  /** The real storage, with the oracle in between. */
  private final class Storage implements GroupStorage {
    private final GroupStorage real;

    Storage(GroupStorage real) {
      this.real = real;
    }

    @Override
    public Optional<GroupStore> open() throws IOException {
      Optional<GroupStore> opened = real.open();
      Violation.unless(
          opened.isPresent() || !site.oracle().exists(),
          "L2",
          () -> site.name() + " lost its store");
      opened.ifPresent(site.oracle()::opened);
      return opened.map(this::observed);
    }

    @Override
    public GroupStore create(long groupId) throws IOException {
      GroupStore created = real.create(groupId);
      site.oracle().created(created);
      return observed(created);
    }

    private GroupStore observed(GroupStore real) {
      ObservedStore observed =
          new ObservedStore(
              real,
              site.oracle(),
              SiteProcess.this::onAppend,
              position -> world.promises().replicated(site, position),
              lsn -> world.promises().cutBegins(site, lsn));
      store = Optional.of(observed);
      world.bounds().begins(site, observed);
      return observed;
    }
  }

  /** As the leadership has it, which is read before the store is opened. */
  private long groupId() {
    return site.leadership().orElseThrow().groupId();
  }

  GroupNode node() {
    return node;
  }

  Optional<ObservedStore> store() {
    return store;
  }

  /** Changes that clients made here and that were not appended yet, in order. */
  ArrayDeque<Request> changes() {
    return changes;
  }

  /** How often the exports changed hands; a client that saw another number is sent away. */
  int roleChanges() {
    return roleChanges;
  }

  boolean isAlive() {
    return alive;
  }

  /** Whether it takes its clients' writes. */
  boolean serving() {
    return serving;
  }

  void dies() {
    alive = false;
  }

  void wake() {
    awake = true;
  }

  private void onRole(GroupNode group, Role role) {
    world.trace("role " + role, site.index(), roleChanges);
    roleChanges++;
    serving = false;
  }

  private void onAppend(Change change, LogPosition position) {
    world.trace("append", site.index(), position.lsn());
    world.risk().appended(site, position, store.orElseThrow().lastAppendBytes());
    switch (change) {
      case Change.Write write -> onClientChange(change, position);
      case Change.Zero zero -> onClientChange(change, position);
      case Change.Trim trim -> onClientChange(change, position);
      case Change.DegradedSpan span ->
          world
              .rarities()
              .reached(span.ends() ? Rare.DEGRADED_SPAN_ENDED : Rare.DEGRADED_SPAN_BEGUN);
      default -> {
        // what an administrator or the agent itself does
      }
    }
  }

  /** Changes are appended in the order in which clients made them, as they made them. */
  private void onClientChange(Change change, LogPosition position) {
    Request first = changes.poll();
    Violation.unless(
        first != null && first.asked(change),
        "N5",
        () -> site.name() + " appended what no client asked for: " + change);
    first.appended(position);
  }

  boolean isDue(long now) {
    return awake || deadlineNanos() <= now;
  }

  /** Asks the agent only when something has happened to it since it was asked last. */
  long deadlineNanos() {
    if (touched) {
      touched = false;
      long agent = Math.min(node.nextDeadlineNanos(), reception.nextDeadlineNanos());
      deadlineNanos = Math.min(agent, disk.nextDeadlineNanos());
    }
    return deadlineNanos;
  }

  void touched() {
    touched = true;
  }

  /** One round of the agent's loop, its parts in seeded order. */
  void poll(long now) {
    touched = true;
    boolean asked = awake;
    awake = false;
    int completions = 0;
    boolean more = false;
    int order = entropy.below(3);
    for (int i = 0; i < 3; i++) {
      switch ((order + i) % 3) {
        case 0 -> completions += disk.poll(now);
        case 1 -> reception.poll(now);
        default -> more |= node.poll(now);
      }
    }
    awake |= more || completions > 0;
    checkIdle(now, asked || awake);
    noteServing();
    store.ifPresent(site.oracle()::sample);
    store.ifPresent(held -> world.bounds().afterPoll(site, held, serving));
    if (serving) {
      world.promises().letGo(site, store.orElseThrow().folded(), "folded");
    }
  }

  /** An agent whose deadline has passed and which has nothing to do would burn a processor. */
  private void checkIdle(long now, boolean worked) {
    if (worked || now != idleNanos) {
      idlePolls = 0;
      idleNanos = now;
    } else if (++idlePolls > MAX_IDLE_POLLS) {
      throw new Violation(
          "R1: "
              + site.name()
              + " asks to be polled at "
              + deadlineNanos()
              + " (store "
              + store.map(GroupStore::nextDeadlineNanos)
              + ", disk "
              + disk.nextDeadlineNanos()
              + ", reception "
              + reception.nextDeadlineNanos()
              + ") and has nothing to do at "
              + now);
    }
  }

  private void noteServing() {
    boolean serves = node.administration().isPresent();
    if (serves && !serving) {
      serving = true;
      world.trace("serves", site.index(), node.leads().orElseThrow().hashCode());
      world.promises().servingBegins(site);
      world.risk().servingBegins(site);
    } else if (!serves) {
      serving = false;
    }
  }

  /** Reads everything that the store holds. Bytes that cannot be read tell of damage. */
  void verify() {
    try {
      new Verifier(site.name(), disk, store.orElseThrow(), site.model()).verify();
    } catch (IOException e) {
      site.unreadable(e);
    }
  }

  List<String> volumeNames() {
    return node.exports().map(exports -> exports.names()).orElse(List.of());
  }

  void close() throws IOException {
    node.close();
    alive = false;
  }
}
