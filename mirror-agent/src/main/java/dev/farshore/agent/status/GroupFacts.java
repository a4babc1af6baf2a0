package dev.farshore.agent.status;

import java.util.Optional;

/**
 * Everything that bears on a group's health.
 *
 * @param role of this site
 * @param failure why this site serves nothing of the group; empty while it is sound
 * @param fencedBy the higher epoch that keeps this site from serving; empty if there is none
 * @param promoting whether a promotion is under way here
 * @param connected whether the other site answers
 * @param replication what goes on between the sites
 * @param protection what the primary's replies are worth now
 * @param lagSeconds how long ago the mirror had everything; 0 if it has
 * @param quotaShare how much of the log's quota is used, 0 to 1
 * @param noRoom what this site's disk has no room for; empty while it has
 * @param stall why records cannot be moved from the log into the base images; empty while they can
 */
public record GroupFacts(
    Role role,
    Optional<Failure> failure,
    Optional<String> fencedBy,
    boolean promoting,
    boolean connected,
    Replication replication,
    Protection protection,
    double lagSeconds,
    double quotaShare,
    Optional<String> noRoom,
    Optional<Stall> stall) {

  /**
   * Why records cannot be moved from the log into the base images.
   *
   * @param text what happened, for people
   */
  public record Stall(Kind kind, String text) {
    /** What is done about it. */
    public enum Kind {
      /** The disk refuses, or has lost what it held, and there is nobody to ask. */
      DISK,
      /** What the disk has lost of the log comes from the other site. */
      REPAIRING,
      /** The other site does not hold what the disk has lost, or in its images only. */
      NOT_AT_MIRROR
    }
  }

  /**
   * Why a site serves nothing of a group that it cannot vouch for.
   *
   * @param text what happened, for people
   */
  public record Failure(Kind kind, String text) {
    /** What kind of failure it is; the remedy depends on it. */
    public enum Kind {
      /** The store takes no more changes since something failed. */
      STORE,
      /** What is on disk lacks records that were durable here. */
      RECORDS_LOST,
      /** What is on disk is damaged, or the disk refuses: the group was not opened. */
      NOT_OPENED
    }
  }

  /** What the primary's replies are worth; {@code AS_PROMISED} at a mirror. */
  public enum Protection {
    AS_PROMISED,
    /** Less than the mode says: the limits of exposure were passed, and the operator chose that. */
    DEGRADED,
    /** Writes wait: the limits of exposure were passed. */
    BLOCKED_AT_RISK,
    /** Writes wait: the log that is kept for the mirror is at its quota. */
    BLOCKED_BY_QUOTA,
    /** Writes wait: the mirror has to be filled first. */
    BLOCKED_UNTIL_FILLED,
    /** There is no mirror that could take over. */
    UNPROTECTED
  }
}
