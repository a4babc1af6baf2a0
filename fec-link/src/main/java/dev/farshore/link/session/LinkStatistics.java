package dev.farshore.link.session;

/**
 * Counters of a session end since it began; a sender fills what a sender knows, a receiver the
 * rest.
 *
 * @param dataPackets data packets sent or received the first time
 * @param repairPackets repair packets sent or received
 * @param resentPackets data packets sent again, or received only after a nak
 * @param repairedPackets data packets that the code restored
 * @param arrivedPackets packets of all types that arrived, as far as the receiver has said
 * @param lostPackets packets of all types that did not arrive, as far as their numbers tell; one
 *     that comes late is not lost any more
 * @param duplicatePackets packets received that were there already
 * @param droppedPackets datagrams dropped because their bytes make no sense, or that were not for
 *     this end
 * @param longestBurst most packets in a row that did not arrive
 * @param meanBurst mean of how many packets in a row did not arrive; 0 before the first such run
 * @param wireBytes bytes on the wire, headers included
 */
public record LinkStatistics(
    long dataPackets,
    long repairPackets,
    long resentPackets,
    long repairedPackets,
    long arrivedPackets,
    long lostPackets,
    long duplicatePackets,
    long droppedPackets,
    long longestBurst,
    double meanBurst,
    long wireBytes) {

  /** Packets of all types of which it is known whether they arrived. */
  public long measuredPackets() {
    return arrivedPackets + lostPackets;
  }

  /** The share of packets that did not arrive, 0 to 1. */
  public double loss() {
    return lostPackets == 0 ? 0 : lostPackets / (double) measuredPackets();
  }
}
