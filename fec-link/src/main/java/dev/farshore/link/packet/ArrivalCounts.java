package dev.farshore.link.packet;

/**
 * What a receiver counted by packet numbers, over all types of packet.
 *
 * @param arrived datagrams that arrived, each number once
 * @param lost numbers below the largest that have not arrived; falls when one comes late
 * @param repaired data packets that the code restored
 * @param longestBurst most numbers in a row that did not arrive
 * @param meanBurst256 mean of how many numbers in a row did not arrive, in 1/256; 0 before the
 *     first such run is over
 */
public record ArrivalCounts(
    long arrived, long lost, long repaired, int longestBurst, int meanBurst256) {
  public static final ArrivalCounts NONE = new ArrivalCounts(0, 0, 0, 0, 0);
}
