package dev.farshore.link.model;

/**
 * Which packets a path loses. What is lost has passed the bottleneck and has taken its share of the
 * rate.
 */
public sealed interface LossModel {

  None NONE = new None();

  record None() implements LossModel {}

  /** Each packet for itself. */
  record Independent(double probability) implements LossModel {
    public Independent {
      requireShare(probability);
    }
  }

  /**
   * Runs of packets: the two-state model of Gilbert (Bell System Technical Journal 39, 1960), which
   * loses everything in the bad state and nothing in the good one. Run lengths are geometric.
   *
   * @param share share of packets lost, in the long run; less than 1
   * @param meanPackets mean length of a run, at least 1; so long that {@code share} can be reached:
   *     at least {@code share / (1 - share)}
   */
  record PacketBursts(double share, double meanPackets) implements LossModel {
    public PacketBursts {
      requireShare(share);
      if (!(share < 1) || !(meanPackets >= 1) || !(meanPackets >= share / (1 - share))) {
        throw new IllegalArgumentException(
            "No bursts of " + meanPackets + " packets on average lose a share of " + share);
      }
    }
  }

  /**
   * The general model of Elliott (Bell System Technical Journal 42, 1963): a good and a bad state,
   * each with a loss rate of its own; how many packets meet a state is geometric.
   *
   * @param badShare share of packets that meet the bad state, in the long run; less than 1
   * @param meanBadPackets mean number of packets in a row that meet it, at least 1, and at least
   *     {@code badShare / (1 - badShare)}
   * @param goodLoss share of packets lost in the good state
   * @param badLoss share of packets lost in the bad state
   */
  record TwoStates(double badShare, double meanBadPackets, double goodLoss, double badLoss)
      implements LossModel {
    public TwoStates {
      requireShare(badShare);
      requireShare(goodLoss);
      requireShare(badLoss);
      if (!(badShare < 1)
          || !(meanBadPackets >= 1)
          || !(meanBadPackets >= badShare / (1 - badShare))) {
        throw new IllegalArgumentException(
            "No bad times of " + meanBadPackets + " packets on average are a share of " + badShare);
      }
    }

    /**
     * @param share share of packets lost, in the long run; from {@code goodLoss} to below {@code
     *     badLoss}
     */
    public static TwoStates losing(
        double share, double meanBadPackets, double goodLoss, double badLoss) {
      if (!(goodLoss < badLoss) || !(share >= goodLoss) || !(share < badLoss)) {
        throw new IllegalArgumentException(
            "A loss of " + share + " does not lie between " + goodLoss + " and " + badLoss);
      }
      return new TwoStates(
          (share - goodLoss) / (badLoss - goodLoss), meanBadPackets, goodLoss, badLoss);
    }
  }

  /**
   * The wire is dead for a fixed time, again and again, however many packets meet that. The gaps
   * are exponentially distributed above a minimum.
   *
   * @param share share of time in outages, less than 1
   * @param lengthNanos length of every outage, at least 1
   * @param minimumGapNanos shortest time from the end of an outage to the next; 0 lets two outages
   *     follow each other at once
   */
  record Outages(double share, long lengthNanos, long minimumGapNanos) implements LossModel {
    public Outages {
      requireShare(share);
      if (lengthNanos < 1 || minimumGapNanos < 0 || !(share < 1)) {
        throw new IllegalArgumentException(
            "Outages of " + lengthNanos + " ns for a share of " + share + " of the time");
      }
      if (share > 0 && lengthNanos * (1 - share) / share < minimumGapNanos) {
        throw new IllegalArgumentException(
            "Outages of "
                + lengthNanos
                + " ns, at least "
                + minimumGapNanos
                + " ns apart, cannot be a share of "
                + share);
      }
    }

    public Outages(double share, long lengthNanos) {
      this(share, lengthNanos, 0);
    }
  }

  private static void requireShare(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("Share of " + share + " is not between 0 and 1");
    }
  }
}
