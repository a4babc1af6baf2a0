package dev.farshore.agent.mirror;

import dev.farshore.appliance.export.Export;
import dev.farshore.link.model.SimulatedHost;
import dev.farshore.link.model.SimulatedNetwork;
import dev.farshore.link.port.ControlNetwork;
import dev.farshore.log.disk.DiskFaults;
import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.disk.SimulatedDisk;
import dev.farshore.log.disk.SimulatedPlatter;
import dev.farshore.log.file.FileSegmentLogs;
import dev.farshore.log.file.LogSettings;
import dev.farshore.log.group.FoldingGroupStore;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.group.GroupStoreSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** A site with one group, on a simulated disk and network. The platter outlives its processes. */
public final class SimulatedSite {
  private static final int PORT = 7601;
  private static final int MAX_DATAGRAM_BYTES = 1400;

  private final SimulatedNetwork network;
  private final SimulatedHost host;
  private final GroupSettings settings;
  private final SplittableRandom random;
  private SimulatedPlatter platter;
  private SimulatedDisk disk;
  private ControlReception reception;
  private Optional<GroupNode> node = Optional.empty();

  SimulatedSite(SimulatedNetwork network, String name, GroupSettings settings, long seed) {
    this.network = network;
    this.host = network.host(name);
    this.settings = settings;
    this.random = new SplittableRandom(seed);
    this.platter = new SimulatedPlatter(random.split(), DiskTiming.SOLID_STATE);
  }

  public void start() throws IOException {
    disk = platter.mount();
    NanoClock clock = network::nowNanos;
    SplittableRandom entropy = random.split();
    ControlNetwork control = host.control();
    SessionRouter sessions =
        new SessionRouter(
            host.datagrams(PORT, MAX_DATAGRAM_BYTES), clock, entropy.split(), () -> {});
    reception = new ControlReception(clock, () -> {});
    NodePorts ports = new NodePorts(control, sessions, clock, () -> 0L, entropy.split(), () -> {});
    node =
        Optional.of(
            new GroupNode(
                settings,
                new Storage(entropy),
                new LeadershipFile(disk),
                ports,
                (group, role) -> {}));
    reception.add(node.get());
    control.listen(host.address(PORT), reception::accept);
  }

  /** Where the store of this site lies. */
  private final class Storage implements GroupStorage {
    private final SplittableRandom entropy;

    Storage(SplittableRandom entropy) {
      this.entropy = entropy;
    }

    @Override
    public Optional<GroupStore> open() throws IOException {
      return FoldingGroupStore.exists(disk)
          ? Optional.of(FoldingGroupStore.open(disk, logs(1), sizes(), network.nowNanos()))
          : Optional.empty();
    }

    @Override
    public GroupStore create(long groupId) throws IOException {
      return FoldingGroupStore.create(disk, logs(1), sizes(), network.nowNanos());
    }

    private FileSegmentLogs logs(long group) {
      return new FileSegmentLogs(disk, new LogSettings("log", group, 1 << 20, 1 << 20, 1), entropy);
    }

    private GroupStoreSettings sizes() {
      return new GroupStoreSettings(256 << 10, Duration.ofMillis(20), 1 << 20);
    }
  }

  /** Returns whether there is more to do at once. */
  boolean poll(long nowNanos) {
    if (node.isEmpty()) {
      return false;
    }
    reception.poll(nowNanos);
    disk.poll(nowNanos);
    return node.get().poll(nowNanos);
  }

  long nextDeadlineNanos() {
    return node.isEmpty()
        ? Long.MAX_VALUE
        : Math.min(
            disk.nextDeadlineNanos(),
            Math.min(reception.nextDeadlineNanos(), node.get().nextDeadlineNanos()));
  }

  /** The process dies; pages that were written stay. */
  public void kill() {
    host.kill();
    platter.processDeath();
    node = Optional.empty();
  }

  /** The power goes; what was not forced may be lost. */
  public void powerCut() {
    host.powerOff();
    platter.powerCut();
    host.powerOn();
    node = Optional.empty();
  }

  /** The power goes, and everything that was not forced is lost. */
  public void harshPowerCut() {
    host.powerOff();
    platter = platter.durableCopy(random.split());
    host.powerOn();
    node = Optional.empty();
  }

  /** An empty disk takes the place of the old one. */
  public void wipe() {
    platter = new SimulatedPlatter(random.split(), DiskTiming.SOLID_STATE);
  }

  /** An empty disk of other speed takes the place of the old one. */
  void disk(DiskTiming timing) {
    platter = new SimulatedPlatter(random.split(), timing);
  }

  /** Leaves the disk without room, or gives it all the room there is. */
  void full(boolean isFull) {
    platter.setCapacity(isFull ? platter.usedBytes() : Long.MAX_VALUE);
  }

  /** What the disk is made to do wrong. */
  public DiskFaults faults() {
    return platter.faults();
  }

  /**
   * Lets the payload of a record rot where it lies in the log.
   *
   * @param head how the record begins
   */
  void rot(ByteBuffer head) throws IOException {
    rot(head, 2000);
  }

  /** Lets the header of a record rot, so that nobody can say where its chain stood. */
  void rotHeader(ByteBuffer head) throws IOException {
    rot(head, 8);
  }

  private void rot(ByteBuffer head, int offset) throws IOException {
    for (String name : platter.names()) {
      byte[] bytes = name.endsWith(".segment") ? platter.liveBytes(name) : new byte[0];
      for (int at = 0; at + head.remaining() <= bytes.length; at++) {
        if (bytes[at] == head.get(0) && ByteBuffer.wrap(bytes, at, head.remaining()).equals(head)) {
          platter.rot(name, at + offset, 8);
          return;
        }
      }
    }
    throw new IllegalStateException("the record is in no segment");
  }

  /** Names of all files on the disk. */
  public List<String> files() {
    return platter.names();
  }

  public boolean isUp() {
    return node.isPresent();
  }

  public GroupNode node() {
    return node.orElseThrow();
  }

  public Export export(String volume) {
    return node().exports().orElseThrow().open(volume).orElseThrow();
  }
}
