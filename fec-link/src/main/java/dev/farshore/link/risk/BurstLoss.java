package dev.farshore.link.risk;

import java.util.Optional;

/**
 * Loss in runs, as a wire with two states makes it (Gilbert, Bell System Technical Journal 39,
 * 1960): in the bad state every datagram is lost, in the good one none, and the lengths of the runs
 * are geometric. Losses that are independent of each other are the case {@code meanRun = 1 / (1 -
 * share)}.
 *
 * @param share of datagrams that are lost, 0 to less than 1
 * @param meanRun mean length of a run, in datagrams; at least {@code 1 / (1 - share)}, less would
 *     be losses that avoid each other
 */
public record BurstLoss(double share, double meanRun) {

  /** Below that many datagrams a measured loss is an anecdote. */
  static final long LEAST_DATAGRAMS = 1000;

  private static final double MOST_SHARE = 0.999;

  public BurstLoss {
    if (!(share >= 0 && share < 1) || !(meanRun >= 1 / (1 - share))) {
      throw new IllegalArgumentException("no loss of " + share + " in runs of " + meanRun);
    }
  }

  public static BurstLoss independent(double share) {
    return new BurstLoss(share, 1 / (1 - share));
  }

  /** The nearest that there is: runs that are too short for the share become independent losses. */
  public static BurstLoss of(double share, double meanRun) {
    double bounded = Math.min(share, MOST_SHARE);
    return new BurstLoss(bounded, Math.max(meanRun, 1 / (1 - bounded)));
  }

  /**
   * As a session has measured it; empty if it has not seen enough datagrams to say.
   *
   * @param datagrams of which it is known whether they arrived
   * @param lost of them
   * @param meanRun mean of how many in a row did not arrive; 0 if none has been seen
   */
  public static Optional<BurstLoss> measured(long datagrams, long lost, double meanRun) {
    if (datagrams < LEAST_DATAGRAMS) {
      return Optional.empty();
    }
    // One more loss than was seen: not to have seen any does not mean that there are none.
    return Optional.of(of((lost + 1.0) / datagrams, meanRun));
  }

  /**
   * How much of the state of the wire is left after {@code datagrams} more: 1 all, 0 nothing. With
   * m, {@code share + (1 - share) * m} of the datagrams that far behind a lost one are lost, and
   * {@code share * (1 - m)} of those behind one that arrived. The chain is reversible: before is
   * like behind.
   */
  double memory(long datagrams) {
    double step = 1 - 1 / (meanRun * (1 - share));
    return step <= 0 ? 0 : Math.pow(step, datagrams);
  }
}
