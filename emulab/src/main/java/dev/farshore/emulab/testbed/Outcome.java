package dev.farshore.emulab.testbed;

import java.util.Optional;
import java.util.OptionalLong;
import org.HdrHistogram.Histogram;

/**
 * What was seen of a trial in the time that was measured.
 *
 * @param acknowledgedRequests writes that were answered in it
 * @param goodputBits payload of them, bits a second
 * @param mirroredBits payload that the mirror had forced in it, bits a second
 * @param clientLatency of each request, from its first byte to its reply; microseconds
 * @param mirroringLatency of each request or sample, from its first byte until the mirror has
 *     forced it; microseconds
 * @param wire what the forward direction carried
 * @param losses after a disaster; empty if there was none
 * @param invalid why the figures must not be used (a device that dropped packets by itself); empty
 *     text if they may be
 */
public record Outcome(
    long acknowledgedRequests,
    double goodputBits,
    double mirroredBits,
    Histogram clientLatency,
    Histogram mirroringLatency,
    WireCount wire,
    Optional<Losses> losses,
    String invalid) {

  /**
   * @param offered datagrams that came to the wire
   * @param lost of them, by the wire
   * @param bits on the wire, headers included
   * @param data packets sent the first time
   * @param repair packets sent
   * @param resent data packets sent again
   * @param repaired data packets that the code restored
   */
  public record WireCount(
      long offered, long lost, long bits, long data, long repair, long resent, long repaired) {}

  /**
   * @param acknowledged requests that had been answered when the site was lost, since the trial
   *     began
   * @param missing those of them that the promoted mirror does not have, whole or in part
   * @param beyondCode of the missing, those that the code could not give back: the wire had not let
   *     them through, directly or by the repairs that arrived, without a gap before them. Empty
   *     where nobody saw what the wire took
   */
  public record Losses(long acknowledged, long missing, OptionalLong beyondCode) {}
}
