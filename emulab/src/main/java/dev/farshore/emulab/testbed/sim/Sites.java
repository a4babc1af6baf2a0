package dev.farshore.emulab.testbed.sim;

import dev.farshore.agent.mirror.GroupSettings;
import dev.farshore.agent.mirror.GroupSettings.Beyond;
import dev.farshore.agent.mirror.GroupSettings.OnQuota;
import dev.farshore.agent.mirror.GroupSettings.RiskLimits;
import dev.farshore.agent.mirror.LinkState;
import dev.farshore.agent.mirror.Role;
import dev.farshore.agent.mirror.VolumeAdministration;
import dev.farshore.appliance.volume.Watermarks;
import dev.farshore.emulab.testbed.Trial;
import dev.farshore.emulab.testbed.wire.WireWatch;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.SimulatedHost;
import dev.farshore.link.model.SimulatedNetwork;
import dev.farshore.link.model.SimulatedPath;
import dev.farshore.link.port.ControlSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Both sites with all their machines, and the wire between them. */
final class Sites {
  static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final String WEST = "west";
  static final String EAST = "east";
  private static final int FIRST_PORT = 7601;
  private static final int WEST_NUMBER = 1;
  static final int EAST_NUMBER = 2;

  private final Trial trial;
  private final Sizes sizes;
  private final Physics physics;
  private final SplittableRandom random;
  private final SimulatedNetwork network;
  private final Agenda agenda = new Agenda();
  private final Clockwork clock;
  private final List<Lane> lanes = new ArrayList<>();

  /** Only where a disaster is to be judged: it takes time for every packet. */
  private final Optional<WireWatch> watch;

  Sites(
      Trial trial,
      Sizes sizes,
      Physics physics,
      LinkConditions wire,
      Meter meter,
      SplittableRandom random)
      throws IOException {
    this.trial = trial;
    this.sizes = sizes;
    this.physics = physics;
    this.random = random;
    this.network = new SimulatedNetwork(random.nextLong(), wire, ControlSettings.DEFAULT);
    this.clock = new Clockwork(network, agenda);
    this.watch = trial.course().disaster().map(any -> WireWatch.ofTail());
    watch.ifPresent(forward()::capture);
    for (int group = 0; group < trial.load().groups(); group++) {
      Machine west = machine(group, WEST_NUMBER);
      Machine east = machine(group, EAST_NUMBER);
      lanes.add(new Lane(west, east, meter));
    }
  }

  /** A machine with an empty disk, at its place in the network. */
  Machine machine(int group, int site) throws IOException {
    boolean primary = site == WEST_NUMBER;
    int port = FIRST_PORT + group;
    SimulatedHost peer = network.host(primary ? EAST : WEST);
    GroupSettings settings =
        new GroupSettings(
            "g" + group,
            site,
            primary ? Role.PRIMARY : Role.MIRROR,
            Optional.of(new InetSocketAddress(peer.address(), port)),
            trial.configuration().mode(sizes.link().code().levels()),
            new RiskLimits(
                sizes.atRiskBytes(), PATIENCE_NANOS, Beyond.BLOCK, 1L << 40, OnQuota.DETACH_MIRROR),
            sizes.link(),
            PATIENCE_NANOS,
            sizes.drainNanos());
    return new Machine(
        network,
        agenda,
        new Machine.Place(network.host(primary ? WEST : EAST), port),
        settings,
        sizes,
        physics,
        random.nextLong());
  }

  /** Every group has its volume, and its mirror all of it. */
  void begin(long volumeBytes) throws IOException {
    awaitEach("a primary that serves", lane -> lane.west().node().administration().isPresent());
    int[] made = new int[1];
    for (Lane lane : lanes) {
      lane.west()
          .node()
          .administration()
          .orElseThrow()
          .create(Lane.VOLUME, volumeBytes, count(made));
    }
    clock.await("a volume", PATIENCE_NANOS, () -> made[0] == lanes.size());
    awaitEach("a mirror that has everything", this::isMirrored);
    lanes.forEach(Lane::open);
  }

  private static VolumeAdministration.Outcome count(int[] made) {
    return new VolumeAdministration.Outcome() {
      @Override
      public void done() {
        made[0]++;
      }

      @Override
      public void failed(String reason) {
        throw new IllegalStateException("no volume: " + reason);
      }
    };
  }

  private boolean isMirrored(Lane lane) {
    var snapshot = lane.west().node().snapshot(network.nowNanos());
    Watermarks marks = snapshot.watermarks();
    return snapshot.linkState() == LinkState.STREAMING && marks.mirrored() == marks.appended();
  }

  /** One group after the other; each stays so. */
  private void awaitEach(String what, java.util.function.Predicate<Lane> condition)
      throws IOException {
    for (Lane lane : lanes) {
      clock.await(what, PATIENCE_NANOS, () -> condition.test(lane));
    }
  }

  /** The site west ends. Nothing new enters the wire; what is in flight arrives unless severed. */
  void strikeWest(boolean severed) {
    forward().closeEntrance();
    lanes.forEach(lane -> lane.west().dies());
    network.host(WEST).powerOff();
    if (severed) {
      forward().sever();
      network.path(EAST, WEST).sever();
    }
  }

  /** East leads every group. */
  void promoteEast() throws IOException {
    for (Lane lane : lanes) {
      Optional<String> refused = lane.east().node().promote(true);
      if (refused.isPresent()) {
        throw new IllegalStateException("no promotion: " + refused.get());
      }
      lane.east().wake();
    }
    awaitEach("a promoted mirror", lane -> lane.east().node().administration().isPresent());
  }

  /**
   * Until nothing is on the way to east any more: what comes after a promotion had been brought,
   * too, and a promotion that did not wait for it is to be seen.
   */
  void awaitSilence() throws IOException {
    clock.await("a silent wire", PATIENCE_NANOS, () -> forward().inFlight() == 0);
  }

  /**
   * LSN of the last record of a group that the wire has brought to east without a gap, or what
   * restores it by the code; a disaster must have been asked for.
   */
  long broughtLsn(Lane lane) {
    long group = lane.west().group().orElseThrow();
    return watch.orElseThrow().recoverable(group).lsn();
  }

  SimulatedPath forward() {
    return network.path(WEST, EAST);
  }

  SimulatedPath back() {
    return network.path(EAST, WEST);
  }

  SimulatedNetwork network() {
    return network;
  }

  Agenda agenda() {
    return agenda;
  }

  Clockwork clock() {
    return clock;
  }

  List<Lane> lanes() {
    return lanes;
  }

  /** Frees everything. */
  void close() throws IOException {
    for (Lane lane : lanes) {
      lane.west().close();
      lane.east().close();
    }
  }
}
