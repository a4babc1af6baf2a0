package dev.farshore.agent.status;

import dev.farshore.link.session.CodeSettings;
import java.util.OptionalDouble;

/**
 * The chance that a record that was answered in mode {@code network} would be lost if the site died
 * now: that the wire loses, of what the mirror has not confirmed, a packet and enough of those that
 * protect it.
 *
 * <p>It is an estimate for losses that are independent of each other, from the loss that the link
 * has measured, and from above: repairs that repair each other are not counted. Where the wire has
 * shown bursts longer than the code's widest layer spreads, independence says nothing, and the
 * chance is not given.
 *
 * @see "Balakrishnan et al., Maelstrom, NSDI 2008, section 4"
 */
public final class LossChance {
  /** Below this many packets a measured loss is an anecdote. */
  static final long PACKETS_MIN = 1000;

  private LossChance() {}

  /**
   * @param code with which the link protects
   * @param level how many of its layers had left when a record was answered
   * @param packets of all types of which the mirror has said whether they arrived
   * @param lostPackets of those
   * @param longestBurst packets in a row
   * @param unconfirmedPackets that the mirror has not confirmed
   * @return 0 to 1; empty where it cannot be said
   */
  public static OptionalDouble of(
      CodeSettings code,
      int level,
      long packets,
      long lostPackets,
      long longestBurst,
      long unconfirmedPackets) {
    if (packets < PACKETS_MIN || longestBurst > burstCovered(code, level)) {
      return OptionalDouble.empty();
    }
    // One more loss than was seen: not to have seen any does not mean that there are none.
    double loss = Math.min(1, (lostPackets + 1.0) / packets);
    double packet = loss * unprotected(code, level, loss);
    return OptionalDouble.of(-Math.expm1(unconfirmedPackets * Math.log1p(-packet)));
  }

  /** Longest run of lost packets of which each can still be repaired. */
  private static long burstCovered(CodeSettings code, int level) {
    return switch (code) {
      case CodeSettings.None none -> Long.MAX_VALUE;
      case CodeSettings.Layered layered ->
          level == 0 ? Long.MAX_VALUE : layered.interleave().get(level - 1);
      case CodeSettings.ReedSolomon rs -> level == 0 ? Long.MAX_VALUE : rs.repair();
    };
  }

  /** Chance that a packet that was lost is not repaired. */
  private static double unprotected(CodeSettings code, int level, double loss) {
    if (level == 0) {
      return 1;
    }
    return switch (code) {
      case CodeSettings.None none -> 1;
      // In every layer one of its r - 1 fellows or their repair packet is lost too.
      case CodeSettings.Layered layered -> Math.pow(1 - Math.pow(1 - loss, layered.data()), level);
      // At least c of the other r - 1 + c packets of its group are lost too.
      case CodeSettings.ReedSolomon rs -> atLeast(rs.repair(), rs.data() + rs.repair() - 1, loss);
    };
  }

  /** Chance of {@code least} or more among {@code trials} independent events. */
  private static double atLeast(int least, int trials, double chance) {
    double fewer = 0;
    double exactly = Math.pow(1 - chance, trials);
    for (int k = 0; k < least; k++) {
      fewer += exactly;
      exactly *= (double) (trials - k) / (k + 1) * chance / (1 - chance);
    }
    return Math.max(0, 1 - fewer);
  }
}
