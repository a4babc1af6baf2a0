package dev.farshore.tests.disaster;

import dev.farshore.agent.mirror.ControlReception;
import dev.farshore.agent.mirror.GroupNode;
import dev.farshore.agent.mirror.GroupSettings;
import dev.farshore.agent.mirror.GroupStorage;
import dev.farshore.agent.mirror.LeadershipFile;
import dev.farshore.agent.mirror.NodePorts;
import dev.farshore.agent.mirror.SessionRouter;
import dev.farshore.link.model.SimulatedHost;
import dev.farshore.link.model.SimulatedNetwork;
import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.disk.SimulatedDisk;
import dev.farshore.log.disk.SimulatedPlatter;
import dev.farshore.log.file.FileSegmentLogs;
import dev.farshore.log.file.LogSettings;
import dev.farshore.log.group.FoldingGroupStore;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.group.GroupStoreSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/** The agent of one site with one group, on a simulated host and disk. It lives once. */
final class DisasterSite {
  static final int PORT = 7601;

  private final SimulatedNetwork network;
  private final SimulatedHost host;
  private final SimulatedDisk disk;
  private final SplittableRandom entropy;
  private final ControlReception reception;
  private final GroupNode node;
  private boolean alive = true;
  private boolean awake = true;

  DisasterSite(SimulatedNetwork network, String name, GroupSettings settings, long seed)
      throws IOException {
    this.network = network;
    this.host = network.host(name);
    this.entropy = new SplittableRandom(seed);
    this.disk = new SimulatedPlatter(entropy.split(), DiskTiming.SOLID_STATE).mount();
    SessionRouter sessions =
        new SessionRouter(
            host.datagrams(PORT, settings.link().datagramBytes()),
            network::nowNanos,
            entropy.split(),
            this::wake);
    this.reception = new ControlReception(network::nowNanos, this::wake);
    NodePorts ports =
        new NodePorts(
            host.control(), sessions, network::nowNanos, () -> 0L, entropy.split(), this::wake);
    this.node =
        new GroupNode(
            settings, new Storage(), new LeadershipFile(disk), ports, (group, role) -> wake());
    reception.add(node);
    host.control().listen(host.address(PORT), reception::accept);
  }

  private final class Storage implements GroupStorage {
    private final GroupStoreSettings sizes =
        new GroupStoreSettings(4 << 20, Duration.ofMillis(100), 1 << 20);

    @Override
    public Optional<GroupStore> open() throws IOException {
      return FoldingGroupStore.exists(disk)
          ? Optional.of(FoldingGroupStore.open(disk, logs(1), sizes, network.nowNanos()))
          : Optional.empty();
    }

    @Override
    public GroupStore create(long group) throws IOException {
      return FoldingGroupStore.create(disk, logs(group), sizes, network.nowNanos());
    }

    private FileSegmentLogs logs(long group) {
      return new FileSegmentLogs(
          disk, new LogSettings("log", group, 16 << 20, 16 << 20, 1), entropy.split());
    }
  }

  private void wake() {
    awake = true;
  }

  /** One round, if there is something to do. */
  void poll(long nowNanos) {
    if (!alive || nextDeadlineNanos() > nowNanos) {
      return;
    }
    awake = false;
    reception.poll(nowNanos);
    int completions = disk.poll(nowNanos);
    awake |= node.poll(nowNanos) || completions > 0;
  }

  /** 0 if there is something to do now. */
  long nextDeadlineNanos() {
    if (!alive || awake) {
      return alive ? 0 : Long.MAX_VALUE;
    }
    return Math.min(
        disk.nextDeadlineNanos(),
        Math.min(reception.nextDeadlineNanos(), node.nextDeadlineNanos()));
  }

  GroupNode node() {
    return node;
  }

  /** The site is gone, and never comes back. */
  void strike() {
    alive = false;
    host.powerOff();
  }

  boolean isAlive() {
    return alive;
  }
}
