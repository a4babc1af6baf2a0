package dev.farshore.agent.mirror;

import dev.farshore.link.session.LinkSettings;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * How one group behaves at one site.
 *
 * @param site this site's number, 1 or more, different from the peer's
 * @param initialRole the role that the group takes here when it has none on disk yet
 * @param peer control and datagram address of the other site; empty for a group without a mirror
 * @param startWaitNanos how long a starting primary waits for its mirror before it serves alone
 * @param drainNanos how long the link must have been silent before a promotion cuts the log
 */
public record GroupSettings(
    String name,
    int site,
    Role initialRole,
    Optional<InetSocketAddress> peer,
    SyncMode mode,
    RiskLimits risk,
    LinkSettings link,
    long startWaitNanos,
    long drainNanos) {

  public GroupSettings {
    if (site < 1) {
      throw new IllegalArgumentException("site number " + site + ", it is 1 or more");
    }
    if (peer.isEmpty() && !(mode instanceof SyncMode.Local)) {
      throw new IllegalArgumentException(
          "group " + name + " has no peer, so its mode can only be local");
    }
    if (mode instanceof SyncMode.Network network
        && (network.level() < 0 || network.level() > link.code().levels())) {
      throw new IllegalArgumentException(
          "coverage level " + network.level() + ", the code has " + link.code().levels());
    }
  }

  /**
   * What a group may leave unconfirmed, and what it does beyond that.
   *
   * @param maxAtRiskBytes most bytes of records that the mirror has not confirmed
   * @param maxAtRiskNanos longest time since the mirror confirmed, while something is unconfirmed
   * @param beyond what happens beyond either bound
   * @param quotaBytes most bytes of log that are kept for the mirror
   * @param onQuota what happens when they are reached
   */
  public record RiskLimits(
      long maxAtRiskBytes, long maxAtRiskNanos, Beyond beyond, long quotaBytes, OnQuota onQuota) {}

  /** What a group does when it cannot keep its promise within its bounds. */
  public enum Beyond {
    /** Writers wait. */
    BLOCK,
    /** Writers are answered at {@code local}, after the log says so. */
    DEGRADE
  }

  /** What a group does when the log kept for an absent mirror reaches its quota. */
  public enum OnQuota {
    DETACH_MIRROR,
    BLOCK
  }
}
