package dev.farshore.emulab.testbed.sim;

import dev.farshore.agent.mirror.ControlReception;
import dev.farshore.agent.mirror.GroupNode;
import dev.farshore.agent.mirror.GroupSettings;
import dev.farshore.agent.mirror.GroupStorage;
import dev.farshore.agent.mirror.LeadershipFile;
import dev.farshore.agent.mirror.NodePorts;
import dev.farshore.agent.mirror.SessionRouter;
import dev.farshore.link.model.SimulatedHost;
import dev.farshore.link.model.SimulatedNetwork;
import dev.farshore.log.disk.SimulatedDisk;
import dev.farshore.log.disk.SimulatedPlatter;
import dev.farshore.log.file.FileSegmentLogs;
import dev.farshore.log.group.FoldingGroupStore;
import dev.farshore.log.group.GroupStore;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * A storage machine: an agent with one group, a disk of its own, and a port at the host of its
 * site. It lives once.
 */
final class Machine extends Agenda.Actor {
  private final SimulatedNetwork network;
  private final Agenda agenda;
  private final Sizes sizes;
  private final long roundNanos;
  private final SimulatedDisk disk;
  private final SplittableRandom entropy;
  private final ControlReception reception;
  private final GroupNode node;
  private Runnable afterRound = () -> {};
  private long lastNanos;
  private boolean awake = true;
  private boolean acting;
  private boolean alive = true;
  private OptionalLong group = OptionalLong.empty();

  /** Where a machine is reached. */
  record Place(SimulatedHost host, int port) {}

  /** Opens the agent, which is polled from now on. */
  Machine(
      SimulatedNetwork network,
      Agenda agenda,
      Place place,
      GroupSettings settings,
      Sizes sizes,
      Physics physics,
      long seed)
      throws IOException {
    this.network = network;
    this.agenda = agenda;
    this.sizes = sizes;
    this.roundNanos = physics.roundNanos();
    this.entropy = new SplittableRandom(seed);
    this.disk = new SimulatedPlatter(entropy.split(), physics.disk()).mount();
    this.lastNanos = network.nowNanos();
    agenda.join(this);
    SessionRouter sessions =
        new SessionRouter(
            place.host().datagrams(place.port(), settings.link().datagramBytes()),
            network::nowNanos,
            entropy.split(),
            this::wake);
    this.reception = new ControlReception(network::nowNanos, this::wake);
    NodePorts ports =
        new NodePorts(
            place.host().control(),
            sessions,
            network::nowNanos,
            () -> 0L,
            entropy.split(),
            this::wake);
    this.node =
        new GroupNode(
            settings, new Storage(), new LeadershipFile(disk), ports, (group, role) -> wake());
    reception.add(node);
    place.host().control().listen(place.host().address(place.port()), reception::accept);
    wake();
  }

  private final class Storage implements GroupStorage {
    @Override
    public Optional<GroupStore> open() throws IOException {
      return FoldingGroupStore.exists(disk)
          ? Optional.of(FoldingGroupStore.open(disk, logs(1), sizes.store(), network.nowNanos()))
          : Optional.empty();
    }

    @Override
    public GroupStore create(long group) throws IOException {
      Machine.this.group = OptionalLong.of(group);
      return FoldingGroupStore.create(disk, logs(group), sizes.store(), network.nowNanos());
    }

    private FileSegmentLogs logs(long group) {
      return new FileSegmentLogs(disk, sizes.log(group), entropy.split());
    }
  }

  /** Has something done after each round, on this machine or to it. */
  void afterRound(Runnable action) {
    afterRound = action;
  }

  /** Something was brought to the agent. */
  void wake() {
    awake = true;
    if (!acting && alive) {
      agenda.hasten(this, Math.max(network.nowNanos(), lastNanos + roundNanos));
    }
  }

  /** A round of the agent's loop. */
  @Override
  void act(long nowNanos) {
    if (!alive) {
      return;
    }
    acting = true;
    awake = false;
    lastNanos = nowNanos;
    reception.poll(nowNanos);
    int completions = disk.poll(nowNanos);
    awake |= node.poll(nowNanos) || completions > 0;
    afterRound.run();
    acting = false;
    long soonest = nowNanos + roundNanos;
    agenda.set(this, awake ? soonest : Math.max(soonest, deadlineNanos()));
  }

  private long deadlineNanos() {
    return Math.min(
        disk.nextDeadlineNanos(),
        Math.min(reception.nextDeadlineNanos(), node.nextDeadlineNanos()));
  }

  /** The number of the group whose store it has made, as records say it. */
  OptionalLong group() {
    return group;
  }

  GroupNode node() {
    return node;
  }

  /** When the agent's loop came round last. */
  long lastNanos() {
    return lastNanos;
  }

  /** The machine is gone; its host's power is another matter. */
  void dies() {
    alive = false;
    agenda.set(this, Long.MAX_VALUE);
  }

  boolean isAlive() {
    return alive;
  }

  /** Frees what it holds. */
  void close() throws IOException {
    if (alive) {
      alive = false;
      node.close();
      disk.close();
    }
  }
}
