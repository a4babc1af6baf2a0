package dev.farshore.emulab.testbed.sim;

import dev.farshore.emulab.testbed.Outcome.WireCount;
import dev.farshore.link.model.Bottleneck;
import dev.farshore.link.model.LinkCounters;
import dev.farshore.link.model.SimulatedPath;
import dev.farshore.link.session.LinkStatistics;
import java.util.List;
import java.util.Optional;

/** What the forward direction had carried at one moment, since the trial began. */
record WireTotals(
    long offered, long lost, long bits, long data, long repair, long resent, long repaired) {

  static WireTotals of(SimulatedPath path, List<Lane> lanes, long nowNanos) {
    LinkCounters wire = path.counters();
    long bytes = wire.offeredBytes() + wire.offeredPackets() * Bottleneck.UDP_HEADER_BYTES;
    long data = 0;
    long repair = 0;
    long resent = 0;
    long repaired = 0;
    for (Lane lane : lanes) {
      Optional<LinkStatistics> sender = lane.west().node().snapshot(nowNanos).link();
      Optional<LinkStatistics> receiver = lane.east().node().snapshot(nowNanos).link();
      data += sender.map(LinkStatistics::dataPackets).orElse(0L);
      repair += sender.map(LinkStatistics::repairPackets).orElse(0L);
      resent += sender.map(LinkStatistics::resentPackets).orElse(0L);
      repaired += receiver.map(LinkStatistics::repairedPackets).orElse(0L);
    }
    return new WireTotals(
        wire.offeredPackets(),
        wire.droppedInAll(),
        bytes * Byte.SIZE,
        data,
        repair,
        resent,
        repaired);
  }

  /** What came after {@code earlier}. */
  WireCount since(WireTotals earlier, Elision elision) {
    return new WireCount(
        offered - earlier.offered,
        lost - earlier.lost,
        elision.bits(bits - earlier.bits),
        data - earlier.data,
        repair - earlier.repair,
        resent - earlier.resent,
        repaired - earlier.repaired);
  }
}
