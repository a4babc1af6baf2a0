package dev.farshore.tests.disaster;

import dev.farshore.agent.mirror.GroupSettings;
import dev.farshore.agent.mirror.GroupSettings.Beyond;
import dev.farshore.agent.mirror.GroupSettings.OnQuota;
import dev.farshore.agent.mirror.GroupSettings.RiskLimits;
import dev.farshore.agent.mirror.LinkState;
import dev.farshore.agent.mirror.Role;
import dev.farshore.agent.mirror.SyncMode;
import dev.farshore.agent.mirror.VolumeAdministration;
import dev.farshore.appliance.export.Export;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.LossModel;
import dev.farshore.link.model.SimulatedNetwork;
import dev.farshore.link.port.ControlSettings;
import dev.farshore.link.session.CodeSettings;
import dev.farshore.link.session.LinkSettings;
import dev.farshore.tests.sim.WireWatch;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * One disaster of two agents, in virtual time and from a seed. 64 writers, each with one write of 4
 * KiB under way, offer a fifth more than the link carries; every write has a block of its own. What
 * counts is which writes the export had answered when the site was lost, and which of them can be
 * read at the mirror after its promotion.
 */
final class SiteDisaster {
  static final int RECORD_BYTES = 4096;
  private static final String VOLUME = "v";
  private static final int WRITERS = 64;
  private static final int BLOCKS = 8192;
  private static final long RATE = 100_000_000;
  private static final long MS = 1_000_000;
  private static final long DELAY_NANOS = 25 * MS;
  private static final long CLEAN_NANOS = 100 * MS;
  private static final long LOSSY_NANOS = 500 * MS;
  private static final long DRAIN_NANOS = 300 * MS;
  private static final long PATIENCE_NANOS = 60_000 * MS;

  /** From one write of a writer to its next: a fifth more than 8/11 of the rate in all. */
  private static final long PAUSE_NANOS =
      (long) (WRITERS * RECORD_BYTES * 8 * 1e9 * 11 / 8 / 1.2 / RATE);

  /**
   * What was left.
   *
   * @param acknowledged writes that had been answered
   * @param missing those of them that the promoted mirror does not have
   * @param beyondCode answered writes whose records the wire had not let through, directly or by
   *     the code, without a gap
   */
  record Outcome(long acknowledged, long missing, long beyondCode) {}

  private final SimulatedNetwork network;
  private final SplittableRandom random;
  private final WireWatch wire;
  private final DisasterSite west;
  private final DisasterSite east;
  private final long[] dueNanos = new long[WRITERS];
  private final long[] lsns = new long[BLOCKS];
  private final BitSet acknowledged = new BitSet();
  private int written;
  private long now;

  SiteDisaster(SyncMode mode, double loss, long seed) throws IOException {
    random = new SplittableRandom(seed);
    LinkConditions clean = LinkConditions.PERFECT.withDelay(DELAY_NANOS);
    network = new SimulatedNetwork(seed, clean, ControlSettings.DEFAULT);
    west = site("west", 1, Role.PRIMARY, "east", mode);
    east = site("east", 2, Role.MIRROR, "west", mode);
    wire = new WireWatch(() -> true);
    network.path("west", "east").capture(wire);
    await("serving", () -> west.node().administration().isPresent());
    createVolume();
    await("stream", () -> west.node().snapshot(now).linkState() == LinkState.STREAMING);
    await(
        "mirrored",
        () -> {
          var marks = west.node().snapshot(now).watermarks();
          return marks.mirrored() == marks.appended();
        });
    startWriters();
    pass(CLEAN_NANOS + random.nextLong(5 * MS));
    network.path("west", "east").change(clean.withLoss(new LossModel.Independent(loss)));
    pass(LOSSY_NANOS + random.nextLong(5 * MS));
  }

  private DisasterSite site(String name, int number, Role role, String peer, SyncMode mode)
      throws IOException {
    LinkSettings link =
        new LinkSettings(
            new CodeSettings.Layered(8, List.of(1, 10, 100)), MS, MS / 2, RATE, 1400, 4 << 20);
    GroupSettings settings =
        new GroupSettings(
            "g",
            number,
            role,
            Optional.of(new InetSocketAddress(network.host(peer).address(), DisasterSite.PORT)),
            mode,
            new RiskLimits(1L << 30, PATIENCE_NANOS, Beyond.BLOCK, 1L << 30, OnQuota.DETACH_MIRROR),
            link,
            PATIENCE_NANOS,
            DRAIN_NANOS);
    return new DisasterSite(network, name, settings, random.nextLong());
  }

  private void createVolume() {
    boolean[] done = new boolean[1];
    west.node()
        .administration()
        .orElseThrow()
        .create(
            VOLUME,
            (long) BLOCKS * RECORD_BYTES,
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

  /** Ends the primary's site and the link's entrance, promotes the mirror, and reads it. */
  Outcome strike() {
    network.path("west", "east").closeEntrance();
    west.strike();
    BitSet promised = (BitSet) acknowledged.clone();
    pass(random.nextLong(2 * DELAY_NANOS));
    Optional<String> refused = east.node().promote(true);
    if (refused.isPresent()) {
      throw new AssertionError(refused.get());
    }
    await("promotion", () -> east.node().administration().isPresent());
    long wireEnd = wire.latest().recoverable().lsn();
    long beyond = promised.stream().filter(block -> lsns[block] > wireEnd).count();
    byte[] held = read();
    long missing = promised.stream().filter(block -> !holds(held, block)).count();
    return new Outcome(promised.cardinality(), missing, beyond);
  }

  /** Every block that was written, as the mirror has it. */
  private byte[] read() {
    ByteBuffer read = ByteBuffer.allocate(written * RECORD_BYTES);
    boolean[] done = new boolean[1];
    Export export = east.node().exports().orElseThrow().open(VOLUME).orElseThrow();
    export.read(0, read, new Answer(() -> done[0] = true));
    await("read", () -> done[0]);
    export.close();
    return read.array();
  }

  private static boolean holds(byte[] held, int block) {
    return ByteBuffer.wrap(held, block * RECORD_BYTES, RECORD_BYTES).equals(contents(block));
  }

  private static ByteBuffer contents(int block) {
    ByteBuffer data = ByteBuffer.allocate(RECORD_BYTES);
    while (data.hasRemaining()) {
      data.putLong(~block * 0x9e3779b97f4a7c15L + data.position());
    }
    return data.flip();
  }

  private record Answer(Runnable then) implements Export.Reply {
    @Override
    public void done() {
      then.run();
    }

    @Override
    public void failed(Export.Failure failure, String reason) {
      throw new AssertionError(failure + ": " + reason);
    }
  }

  private void startWriters() {
    for (int writer = 0; writer < WRITERS; writer++) {
      dueNanos[writer] = now + random.nextLong(PAUSE_NANOS);
    }
  }

  private void write(int writer) {
    int block = written++;
    dueNanos[writer] = Long.MAX_VALUE;
    long began = now;
    Export export = west.node().exports().orElseThrow().open(VOLUME).orElseThrow();
    Answer answer =
        new Answer(
            () -> {
              acknowledged.set(block);
              dueNanos[writer] = Math.max(now, began + PAUSE_NANOS);
              export.close();
            });
    export.write((long) block * RECORD_BYTES, contents(block), false, answer);
    lsns[block] = west.node().store().orElseThrow().log().last().lsn();
  }

  private void pass(long nanos) {
    long end = now + nanos;
    while (now < end) {
      step(end);
    }
  }

  private void await(String what, BooleanSupplier condition) {
    long end = now + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (now >= end) {
        throw new AssertionError(what + " did not come; east " + east.node().snapshot(now));
      }
      step(end);
    }
  }

  private void step(long limit) {
    network.poll(now);
    long next = limit;
    if (west.isAlive()) {
      for (int writer = 0; writer < WRITERS; writer++) {
        if (dueNanos[writer] != 0 && dueNanos[writer] <= now) {
          write(writer);
        }
        next = dueNanos[writer] == 0 ? next : Math.min(next, dueNanos[writer]);
      }
    }
    west.poll(now);
    east.poll(now);
    next = Math.min(next, network.nextDeadlineNanos());
    next = Math.min(next, Math.min(west.nextDeadlineNanos(), east.nextDeadlineNanos()));
    now = Math.min(limit, Math.max(now + 1000, next));
  }
}
