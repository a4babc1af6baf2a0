package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.GroupSettings.RiskLimits;
import dev.farshore.appliance.export.Export;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.SimulatedNetwork;
import dev.farshore.link.port.ControlNetwork;
import dev.farshore.link.port.ControlPort;
import dev.farshore.link.port.ControlSettings;
import dev.farshore.link.session.CodeSettings;
import dev.farshore.link.session.LinkSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A primary in the west and its mirror in the east, in virtual time. */
public final class SimulatedPair {
  public static final String VOLUME = "v";
  public static final int VOLUME_BYTES = 1 << 20;
  public static final long MILLIS = 1_000_000L;
  public static final long SECOND = 1000 * MILLIS;
  public static final long START_WAIT_NANOS = 3 * SECOND;
  public static final long DRAIN_NANOS = SECOND / 2;
  private static final long STEP_NANOS = 100_000;
  private static final long PATIENCE_NANOS = 120 * SECOND;

  public final SimulatedNetwork network;
  public final SimulatedSite west;
  public final SimulatedSite east;
  private long now;

  /** A client's request that is under way. */
  public static final class Awaited implements Export.Reply, VolumeAdministration.Outcome {
    public boolean done;
    public String failure = "";

    @Override
    public void done() {
      done = true;
    }

    @Override
    public void failed(Export.Failure kind, String reason) {
      failed(kind + ": " + reason);
    }

    @Override
    public void failed(String reason) {
      failure = reason;
      done = true;
    }
  }

  public SimulatedPair(SyncMode mode, RiskLimits risk, long delayNanos) {
    network =
        new SimulatedNetwork(
            42, LinkConditions.PERFECT.withDelay(delayNanos), ControlSettings.DEFAULT);
    west = site("west", 1, Role.PRIMARY, "east", mode, risk);
    east = site("east", 2, Role.MIRROR, "west", mode, risk);
  }

  private SimulatedSite site(
      String name, int number, Role role, String peer, SyncMode mode, RiskLimits risk) {
    LinkSettings link =
        new LinkSettings(
            new CodeSettings.Layered(8, List.of(1, 10)), 0, 500_000, 200_000_000, 1400, 4 << 20);
    GroupSettings settings =
        new GroupSettings(
            "g",
            number,
            role,
            Optional.of(new InetSocketAddress(network.host(peer).address(), 7601)),
            mode,
            risk,
            link,
            START_WAIT_NANOS,
            DRAIN_NANOS);
    return new SimulatedSite(network, name, settings, number);
  }

  public void start() throws IOException {
    west.start();
    east.start();
  }

  /** Starts both, and makes a volume. */
  public void startWithVolume() throws IOException {
    start();
    await("serving", () -> west.node().administration().isPresent());
    Awaited created = new Awaited();
    west.node().administration().orElseThrow().create(VOLUME, VOLUME_BYTES, created);
    await("volume", () -> created.done);
    await("stream", () -> west.node().snapshot(now).linkState() == LinkState.STREAMING);
  }

  /** Somebody who is neither of the two opens a control channel to a site. */
  void connect(String site, ControlNetwork.ConnectHandler handler) {
    InetSocketAddress to = new InetSocketAddress(network.host(site).address(), 7601);
    network.host("stranger").control().connect(to, handler);
  }

  /** Somebody else takes control channels at the address of a site that is down. */
  void listen(String site, Consumer<ControlPort> acceptor) {
    network.host(site).control().listen(network.host(site).address(7601), acceptor);
  }

  public long now() {
    return now;
  }

  public void step() {
    network.poll(now);
    boolean more = west.poll(now) | east.poll(now);
    long next =
        Math.min(
            network.nextDeadlineNanos(),
            Math.min(west.nextDeadlineNanos(), east.nextDeadlineNanos()));
    now = more ? now + 1000 : Math.max(now + 1000, Math.min(next, now + STEP_NANOS));
  }

  public void await(String what, BooleanSupplier condition) {
    long end = now + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (now > end) {
        throw new AssertionError(what + " did not come\nwest " + say(west) + "\neast " + say(east));
      }
      step();
    }
  }

  private String say(SimulatedSite site) {
    return site.isUp() ? site.node().snapshot(now).toString() : "down";
  }

  public void pass(long nanos) {
    long end = now + nanos;
    while (now < end) {
      step();
    }
  }

  public Awaited submitWrite(SimulatedSite site, long offset, int value) {
    ByteBuffer data = ByteBuffer.allocate(4096).putInt(0, value);
    Awaited reply = new Awaited();
    site.export(VOLUME).write(offset, data, false, reply);
    return reply;
  }

  public int read(SimulatedSite site, long offset) {
    ByteBuffer data = ByteBuffer.allocate(4096);
    Awaited reply = new Awaited();
    Export export = site.export(VOLUME);
    export.read(offset, data, reply);
    await("read", () -> reply.done);
    export.close();
    return data.getInt(0);
  }
}
