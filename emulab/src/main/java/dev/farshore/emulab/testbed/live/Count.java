package dev.farshore.emulab.testbed.live;

import dev.farshore.emulab.testbed.Outcome.WireCount;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What had been written, mirrored and carried at one moment.
 *
 * @param nanos when
 * @param forced records that the mirror had forced, of all groups
 */
record Count(
    long nanos,
    long forced,
    Wire.Reading wire,
    long data,
    long repair,
    long resent,
    long repaired) {

  static Count of(List<GroupReading> west, List<GroupReading> east, Wire.Reading wire) {
    return new Count(
        east.getFirst().nanos(),
        sum(east, GroupReading::forced),
        wire,
        sum(west, GroupReading::dataPackets),
        sum(west, GroupReading::repairPackets),
        sum(west, GroupReading::resentPackets),
        sum(east, GroupReading::repairedPackets));
  }

  private static long sum(List<GroupReading> groups, ToLongFunction<GroupReading> value) {
    return groups.stream().mapToLong(value).sum();
  }

  /** Records that the mirror forced since then, a second. */
  double forcedRate(Count earlier) {
    return (forced - earlier.forced) * 1e9 / (nanos - earlier.nanos);
  }

  WireCount since(Count earlier) {
    return new WireCount(
        wire.offered() - earlier.wire.offered(),
        wire.lost() - earlier.wire.lost(),
        (wire.bytes() - earlier.wire.bytes()) * Byte.SIZE,
        data - earlier.data,
        repair - earlier.repair,
        resent - earlier.resent,
        repaired - earlier.repaired);
  }

  /** Whether the link's session has begun anew since then, and its counters with it. */
  boolean isBroken(Count earlier) {
    return data < earlier.data || repair < earlier.repair || repaired < earlier.repaired;
  }
}
