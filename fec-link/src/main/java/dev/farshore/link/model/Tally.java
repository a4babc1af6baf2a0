package dev.farshore.link.model;

import java.util.Arrays;

/** The running counters of a {@link LinkModel}. */
final class Tally {

  private final long[] droppedPackets = new long[DropReason.values().length];
  private final long[] droppedBytes = new long[DropReason.values().length];
  private long offeredPackets;
  private long offeredBytes;
  private long passedPackets;
  private long passedBytes;
  private long duplicatedPackets;
  private long heldBackPackets;
  private long corruptedArrivals;
  private long lossRuns;
  private long longestLossRun;
  private long lossRun;

  void offered(int bytes) {
    offeredPackets++;
    offeredBytes += bytes;
  }

  void passed(int bytes) {
    passedPackets++;
    passedBytes += bytes;
    lossRun = 0;
  }

  void dropped(DropReason reason, int bytes) {
    droppedPackets[reason.ordinal()]++;
    droppedBytes[reason.ordinal()] += bytes;
    if (reason == DropReason.LOSS) {
      lossRuns += lossRun == 0 ? 1 : 0;
      lossRun++;
      longestLossRun = Math.max(longestLossRun, lossRun);
    }
  }

  void severed(int bytes) {
    passedPackets--;
    passedBytes -= bytes;
    dropped(DropReason.SEVERED, bytes);
  }

  void duplicated() {
    duplicatedPackets++;
  }

  void heldBack() {
    heldBackPackets++;
  }

  void corrupted() {
    corruptedArrivals++;
  }

  LinkCounters counters() {
    return new LinkCounters(
        offeredPackets,
        offeredBytes,
        passedPackets,
        passedBytes,
        Arrays.stream(droppedPackets).boxed().toList(),
        Arrays.stream(droppedBytes).boxed().toList(),
        duplicatedPackets,
        heldBackPackets,
        corruptedArrivals,
        lossRuns,
        longestLossRun);
  }
}
