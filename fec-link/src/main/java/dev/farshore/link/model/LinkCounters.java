package dev.farshore.link.model;

import java.util.List;

/**
 * What became of the packets of one direction since it began. Bytes are payload.
 *
 * @param offeredPackets packets that came to the entrance
 * @param passedPackets packets that arrive at least once; {@code offered = passed + dropped}
 * @param droppedPackets dropped packets, by {@link DropReason#ordinal}
 * @param droppedBytes likewise
 * @param duplicatedPackets packets that arrive twice
 * @param heldBackPackets packets that were held back, so that others may overtake them
 * @param corruptedArrivals arrivals with damage
 * @param lossRuns runs of consecutive packets lost on the wire, finished or not
 * @param longestLossRun packets in the longest of them
 */
public record LinkCounters(
    long offeredPackets,
    long offeredBytes,
    long passedPackets,
    long passedBytes,
    List<Long> droppedPackets,
    List<Long> droppedBytes,
    long duplicatedPackets,
    long heldBackPackets,
    long corruptedArrivals,
    long lossRuns,
    long longestLossRun) {

  public LinkCounters {
    droppedPackets = List.copyOf(droppedPackets);
    droppedBytes = List.copyOf(droppedBytes);
  }

  public long dropped(DropReason reason) {
    return droppedPackets.get(reason.ordinal());
  }

  public long droppedInAll() {
    return droppedPackets.stream().mapToLong(Long::longValue).sum();
  }
}
