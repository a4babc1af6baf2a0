package dev.farshore.emulab.testbed.sim;

import dev.farshore.emulab.testbed.Outcome;
import dev.farshore.emulab.testbed.Outcome.Losses;
import dev.farshore.emulab.testbed.Trial;
import dev.farshore.emulab.wan.PathText;
import dev.farshore.link.model.Bottleneck;
import dev.farshore.link.model.LinkCounters;
import dev.farshore.link.model.SimulatedPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** One trial, from nothing to its end. */
final class SimulatedRun {
  private static final long START_SPREAD_NANOS = 1_000_000;
  private static final double NANOS_PER_SECOND = 1e9;

  private final Trial trial;
  private final PathText wire;
  private final Sizes sizes;
  private final SplittableRandom random;
  private final Meter meter = new Meter();
  private final Sites sites;
  private final Clockwork clock;
  private final List<Tester> testers = new ArrayList<>();

  SimulatedRun(Trial trial, Physics physics, long seed) throws IOException {
    this.trial = trial;
    this.wire = PathText.of(trial.wire(), Bottleneck.UDP_HEADER_BYTES);
    this.sizes = Sizes.of(trial, wire.conditions(), physics.elision());
    this.random = new SplittableRandom(seed);
    this.sites =
        new Sites(
            trial, sizes, physics, sizes.elision().wire(wire.conditions()), meter, random.split());
    this.clock = sites.clock();
  }

  Outcome run() throws IOException {
    Trial.Load load = trial.load();
    int perGroup = Math.ceilDiv(load.testers(), load.groups());
    long partBytes = (long) sizes.slots() * sizes.requestBytes();
    sites.begin(perGroup * partBytes);
    for (int number = 0; number < load.testers(); number++) {
      Lane lane = sites.lanes().get(number % load.groups());
      Tester.Part part =
          new Tester.Part(number / load.groups() * partBytes, sizes.slots(), sizes.requestBytes());
      Contents contents = new Contents(number, sizes.requestBytes(), random.split());
      testers.add(
          new Tester(
              sites.network(), sites.agenda(), lane, meter, contents, part, load.pauseNanos()));
    }
    return course();
  }

  private Outcome course() throws IOException {
    long begin = clock.nowNanos();
    for (Tester tester : testers) {
      sites.agenda().set(tester, begin + random.nextLong(START_SPREAD_NANOS));
    }
    clock.runUntil(begin + trial.course().settleNanos());
    meter.start();
    long start = clock.nowNanos();
    long end = start + trial.course().measuredNanos();
    WireTotals before = totals();
    if (trial.course().disaster().isPresent()) {
      Trial.Disaster disaster = trial.course().disaster().get();
      clock.runUntil(Math.max(start, end - disaster.wireNanos()));
      sites.forward().change(wire.with(disaster.wire(), Bottleneck.UDP_HEADER_BYTES).conditions());
    }
    clock.runUntil(end);
    meter.stop();
    WireTotals after = totals();
    for (Lane lane : sites.lanes()) {
      lane.check();
    }
    Optional<Losses> losses =
        trial.course().disaster().isPresent()
            ? Optional.of(strike(trial.course().disaster().get()))
            : Optional.empty();
    return outcome(after.since(before, sizes.elision()), losses);
  }

  private WireTotals totals() {
    return WireTotals.of(sites.forward(), sites.lanes(), clock.nowNanos());
  }

  private Losses strike(Trial.Disaster disaster) throws IOException {
    sites.strikeWest(disaster.severed());
    testers.forEach(Tester::stop);
    long[] acknowledged = testers.stream().mapToLong(Tester::acknowledged).toArray();
    clock.runUntil(clock.nowNanos() + random.nextLong(2 * wire.conditions().delayNanos() + 1));
    sites.promoteEast();
    sites.awaitSilence();
    PromotedRead read = new PromotedRead(clock, Sites.PATIENCE_NANOS);
    long all = 0;
    long missing = 0;
    long beyondCode = 0;
    for (int i = 0; i < acknowledged.length; i++) {
      Tester tester = testers.get(i);
      BitSet lacked = read.missing(tester, acknowledged[i]);
      long brought = tester.firstBehind(sites.broughtLsn(tester.lane()));
      checkIsBrought(tester, lacked, brought, acknowledged[i]);
      all += acknowledged[i];
      missing += lacked.cardinality();
      beyondCode += Math.max(0, acknowledged[i] - brought);
    }
    return new Losses(all, missing, OptionalLong.of(beyondCode));
  }

  /** A mirror has nothing that the wire did not bring it, or else the wire is watched wrongly. */
  private static void checkIsBrought(
      Tester tester, BitSet lacked, long brought, long acknowledged) {
    int there = lacked.nextClearBit(Math.toIntExact(brought));
    if (there < acknowledged) {
      throw new IllegalStateException(
          "the mirror has request "
              + there
              + " of tester "
              + tester.contents().tester()
              + ", and the wire brought those before "
              + brought);
    }
  }

  private Outcome outcome(Outcome.WireCount carried, Optional<Losses> losses) {
    long answered = meter.client().getTotalCount();
    double bits = trial.load().requestBytes() * (double) Byte.SIZE;
    double seconds = trial.course().measuredNanos() / NANOS_PER_SECOND;
    return new Outcome(
        answered,
        answered * bits / seconds,
        meter.mirroring().getTotalCount() * bits / seconds,
        meter.client(),
        meter.mirroring(),
        carried,
        losses,
        "");
  }

  /** Datagrams that entered a wire or arrived from it, both directions, since the beginning. */
  long packetEvents() {
    return events(sites.forward()) + events(sites.back());
  }

  private static long events(SimulatedPath path) {
    LinkCounters counters = path.counters();
    return counters.offeredPackets()
        + counters.passedPackets()
        + counters.duplicatedPackets()
        - path.inFlight();
  }

  /** Frees what it holds. */
  void close() throws IOException {
    testers.forEach(Tester::stop);
    sites.close();
  }
}
