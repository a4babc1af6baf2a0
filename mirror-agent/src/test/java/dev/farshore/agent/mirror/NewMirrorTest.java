package dev.farshore.agent.mirror;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.mirror.GroupSettings.Beyond;
import dev.farshore.agent.mirror.GroupSettings.OnQuota;
import dev.farshore.agent.mirror.GroupSettings.RiskLimits;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.SimulatedNetwork;
import dev.farshore.link.port.ControlSettings;
import dev.farshore.link.session.CodeSettings;
import dev.farshore.link.session.LinkSettings;
import dev.farshore.log.disk.DiskFaults.Call;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A mirror that meets its primary for the first time while its disk fails. */
final class NewMirrorTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int CALLS = 30;

  private SimulatedNetwork network;
  private SimulatedSite west;
  private SimulatedSite east;
  private long now;

  private SimulatedSite site(String name, int number, Role role, String peer) {
    GroupSettings settings =
        new GroupSettings(
            "g",
            number,
            role,
            Optional.of(new InetSocketAddress(network.host(peer).address(), 7601)),
            new SyncMode.Local(),
            new RiskLimits(64 << 20, 30 * SECOND, Beyond.BLOCK, 1L << 30, OnQuota.DETACH_MIRROR),
            new LinkSettings(
                new CodeSettings.Layered(8, List.of(1, 10)),
                1_000_000,
                500_000,
                200_000_000,
                1400,
                1 << 20),
            3 * SECOND,
            SECOND / 2);
    return new SimulatedSite(network, name, settings, number);
  }

  private void step() throws IOException {
    network.poll(now);
    boolean more = west.poll(now);
    try {
      more |= east.poll(now);
    } catch (UncheckedIOException e) {
      // It could not write what it promised, so its process ends; its operator starts it again.
      east.kill();
      east.start();
    }
    now += more ? 1000 : 1_000_000;
  }

  @Test
  void itFollowsWhicheverCallItsDiskRefusesWhileTheStoreIsMade() throws IOException {
    for (Call call : List.of(Call.WRITE, Call.FORCE, Call.READ)) {
      for (int n = 1; n <= CALLS; n++) {
        meet(call, n);
      }
    }
  }

  private void meet(Call call, int n) throws IOException {
    network =
        new SimulatedNetwork(
            7, LinkConditions.PERFECT.withDelay(1_000_000), ControlSettings.DEFAULT);
    now = 0;
    west = site("west", 1, Role.PRIMARY, "east");
    east = site("east", 2, Role.MIRROR, "west");
    west.start();
    east.start();
    east.faults().failOnce(EnumSet.of(call), n);
    long end = 20 * SECOND;
    while (!follows() && now < end) {
      step();
      if (now > end / 2 && broken()) {
        east.kill();
        east.start();
      }
    }
    assertTrue(follows(), () -> "after " + call + " " + n + ": " + east.node().snapshot(now));
  }

  private boolean broken() {
    return east.node().snapshot(now).trouble().isPresent();
  }

  private boolean follows() {
    return west.node().snapshot(now).linkState() == LinkState.STREAMING && !broken();
  }
}
