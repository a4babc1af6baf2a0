package dev.farshore.agent.mirror;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.mirror.GroupSettings.Beyond;
import dev.farshore.agent.mirror.GroupSettings.OnQuota;
import dev.farshore.agent.mirror.GroupSettings.RiskLimits;
import dev.farshore.appliance.export.Export;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.LossModel;
import dev.farshore.link.model.SimulatedNetwork;
import dev.farshore.link.port.ControlSettings;
import dev.farshore.link.session.CodeSettings;
import dev.farshore.link.session.LinkSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Two sites in virtual time, one story after the other. */
final class GroupNodeTest {
  private static final String VOLUME = "v";
  private static final int VOLUME_BYTES = 4 << 20;
  private static final long SECOND = 1_000_000_000L;
  private static final long STEP_NANOS = 100_000;
  private static final long PATIENCE_NANOS = 120 * SECOND;

  private final SimulatedNetwork network =
      new SimulatedNetwork(
          42,
          LinkConditions.PERFECT.withDelay(5_000_000).withLoss(new LossModel.Independent(0.01)),
          ControlSettings.DEFAULT);
  private final byte[] expected = new byte[VOLUME_BYTES];
  private final SplittableRandom random = new SplittableRandom(1);
  private SimulatedSite west;
  private SimulatedSite east;
  private long now;

  private void sites(SyncMode mode, OnQuota onQuota, long quota) throws IOException {
    west = site("west", 1, Role.PRIMARY, "east", mode, onQuota, quota);
    east = site("east", 2, Role.MIRROR, "west", mode, onQuota, quota);
    west.start();
    east.start();
    await("serving", () -> west.node().administration().isPresent());
    boolean[] done = new boolean[1];
    west.node()
        .administration()
        .orElseThrow()
        .create(
            VOLUME,
            VOLUME_BYTES,
            new VolumeAdministration.Outcome() {
              @Override
              public void done() {
                done[0] = true;
              }

              @Override
              public void failed(String reason) {
                throw new AssertionError(reason);
              }
            });
    await("volume", () -> done[0]);
  }

  private void sites(SyncMode mode) throws IOException {
    sites(mode, OnQuota.DETACH_MIRROR, 1L << 30);
  }

  private SimulatedSite site(
      String name, int number, Role role, String peer, SyncMode mode, OnQuota onQuota, long quota) {
    LinkSettings link =
        new LinkSettings(
            new CodeSettings.Layered(8, List.of(1, 10, 100)),
            1_000_000,
            500_000,
            200_000_000,
            1400,
            4 << 20);
    GroupSettings settings =
        new GroupSettings(
            "g",
            number,
            role,
            Optional.of(new InetSocketAddress(network.host(peer).address(), 7601)),
            mode,
            new RiskLimits(64 << 20, 30 * SECOND, Beyond.BLOCK, quota, onQuota),
            link,
            3 * SECOND,
            SECOND / 2);
    return new SimulatedSite(network, name, settings, number);
  }

  private void step() {
    network.poll(now);
    boolean more = west.poll(now) | east.poll(now);
    long next =
        Math.min(
            network.nextDeadlineNanos(),
            Math.min(west.nextDeadlineNanos(), east.nextDeadlineNanos()));
    now = more ? now + 1000 : Math.max(now + 1000, Math.min(next, now + STEP_NANOS));
  }

  private void await(String what, BooleanSupplier condition) {
    long end = now + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (now > end) {
        throw new AssertionError(
            what + " did not come\nwest " + snapshot(west) + "\neast " + snapshot(east));
      }
      step();
    }
  }

  private String snapshot(SimulatedSite site) {
    try {
      return site.node().snapshot(now).toString();
    } catch (java.util.NoSuchElementException down) {
      return "down";
    }
  }

  private void pass(long nanos) {
    long end = now + nanos;
    while (now < end) {
      step();
    }
  }

  private static final class Awaited implements Export.Reply {
    private boolean done;
    private String failure = "";

    @Override
    public void done() {
      done = true;
    }

    @Override
    public void failed(Export.Failure kind, String reason) {
      failure = kind + ": " + reason;
      done = true;
    }
  }

  private Awaited submitWrite(SimulatedSite site) {
    int length = 512 * (1 + random.nextInt(40));
    int offset = random.nextInt((VOLUME_BYTES - length) / 512) * 512;
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    System.arraycopy(bytes, 0, expected, offset, length);
    Awaited reply = new Awaited();
    site.export(VOLUME).write(offset, ByteBuffer.wrap(bytes), false, reply);
    return reply;
  }

  private void write(SimulatedSite site, int count) {
    for (int i = 0; i < count; i++) {
      Awaited reply = submitWrite(site);
      await("reply", () -> reply.done);
      assertEquals("", reply.failure);
    }
  }

  private void assertHolds(SimulatedSite site) {
    ByteBuffer read = ByteBuffer.allocate(VOLUME_BYTES);
    Awaited reply = new Awaited();
    Export export = site.export(VOLUME);
    export.read(0, read, reply);
    await("read", () -> reply.done);
    export.close();
    assertEquals("", reply.failure);
    assertArrayEquals(expected, read.array());
  }

  private void awaitMirrored() {
    await(
        "mirrored",
        () -> {
          var marks = west.node().snapshot(now).watermarks();
          return marks.mirrored() == marks.appended();
        });
  }

  private void promote(SimulatedSite site, boolean force) {
    assertEquals(Optional.empty(), site.node().promote(force));
    await("promotion", () -> site.node().administration().isPresent());
  }

  @Test
  void everyModeMirrorsWhatItAnswers() throws IOException {
    for (SyncMode mode :
        List.of(new SyncMode.Local(), new SyncMode.Network(3), new SyncMode.Remote())) {
      GroupNodeTest world = new GroupNodeTest();
      world.sites(mode);
      world.write(world.west, 50);
      world.awaitMirrored();
      world.assertHolds(world.west);
      world.assertHolds(world.east);
    }
  }

  @Test
  void aKilledPrimaryIsReplacedByItsMirrorAndFollowsItWhenItReturns() throws IOException {
    sites(new SyncMode.Network(3));
    write(west, 100);
    network.path("west", "east").closeEntrance();
    west.kill();
    promote(east, false);
    assertHolds(east);
    network.path("west", "east").openEntrance();
    write(east, 0);
    west.start();
    await("following", () -> west.node().leads().isEmpty());
    await("stream", () -> east.node().snapshot(now).linkState() == LinkState.STREAMING);
    await(
        "equal logs",
        () ->
            west.node().store().orElseThrow().log().forced()
                == east.node().store().orElseThrow().log().last().lsn());
    assertHolds(west);
    assertTrue(east.node().leads().isPresent());
  }

  @Test
  void aPlannedSwitchoverLosesNothing() throws IOException {
    sites(new SyncMode.Network(1));
    write(west, 60);
    promote(east, false);
    assertHolds(east);
    await("following", () -> west.node().leads().isEmpty());
    write(east, 20);
    await(
        "equal logs",
        () ->
            west.node().store().orElseThrow().log().forced()
                == east.node().store().orElseThrow().log().last().lsn());
    assertHolds(west);
  }

  @Test
  void aPrimaryThatLostItsTailPullsItBack() throws IOException {
    sites(new SyncMode.Network(3));
    write(west, 50);
    awaitMirrored();
    for (int i = 0; i < 30; i++) {
      submitWrite(west);
    }
    pass(20_000_000);
    network.partition("west", "east");
    west.powerCut();
    pass(SECOND);
    long mirrors = east.node().store().orElseThrow().log().last().lsn();
    network.heal("west", "east");
    west.start();
    await("serving", () -> west.node().administration().isPresent());
    assertTrue(west.node().store().orElseThrow().log().last().lsn() >= mirrors);
    await("stream", () -> west.node().snapshot(now).linkState() == LinkState.STREAMING);
    awaitMirrored();
  }

  @Test
  void aWipedMirrorIsFilledWhileWritesGoOn() throws IOException {
    sites(new SyncMode.Network(3), OnQuota.DETACH_MIRROR, 1L << 30);
    write(west, 300);
    awaitMirrored();
    pass(SECOND);
    east.kill();
    east.wipe();
    east.start();
    await("a fill that both see", () -> west.node().snapshot(now).fill().isPresent());
    await("a fill that both see", () -> east.node().snapshot(now).fill().isPresent());
    GroupSnapshot.Fill fill = east.node().snapshot(now).fill().orElseThrow();
    assertEquals(VOLUME_BYTES, fill.totalBytes());
    assertTrue(fill.doneBytes() < fill.totalBytes(), fill.toString());
    await("conversation", () -> west.node().snapshot(now).linkState() == LinkState.STREAMING);
    write(west, 50);
    awaitMirrored();
    assertTrue(east.node().snapshot(now).fill().isEmpty());
    assertHolds(west);
    assertHolds(east);
  }

  @Test
  void aMirrorThatIsGoneForLongIsDetachedAndRefilled() throws IOException {
    sites(new SyncMode.Local(), OnQuota.DETACH_MIRROR, 3 << 20);
    write(west, 50);
    awaitMirrored();
    east.kill();
    write(west, 600);
    assertTrue(west.node().snapshot(now).leadership().mirrorDetached());
    assertTrue(west.node().snapshot(now).degraded());
    east.start();
    awaitMirrored();
    await("restored", () -> !west.node().snapshot(now).degraded());
    assertHolds(east);
  }

  @Test
  void aPromotionAgainstALivePrimaryFencesIt() throws IOException {
    sites(new SyncMode.Local());
    write(west, 40);
    awaitMirrored();
    network.partition("west", "east");
    write(west, 5);
    pass(10 * SECOND);
    promote(east, true);
    Awaited late = submitWrite(west);
    network.heal("west", "east");
    await("fenced", () -> west.node().leads().isEmpty());
    assertTrue(late.done);
    await("stream", () -> east.node().snapshot(now).linkState() == LinkState.STREAMING);
    await(
        "equal logs",
        () ->
            west.node().store().orElseThrow().log().forced()
                == east.node().store().orElseThrow().log().last().lsn());
  }
}
