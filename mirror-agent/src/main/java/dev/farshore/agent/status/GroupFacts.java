package dev.farshore.agent.status;

import java.util.Optional;

/**
 * Everything that bears on a group's health.
 *
 * @param role of this site
 * @param failure why the group's store failed; empty while it is sound
 * @param fencedBy the higher epoch that keeps this site from serving; empty if there is none
 * @param promoting whether a promotion is under way here
 * @param connected whether the other site answers
 * @param replication what goes on between the sites
 * @param protection what the primary's replies are worth now
 * @param lagSeconds how long ago the mirror had everything; 0 if it has
 * @param quotaShare how much of the log's quota is used, 0 to 1
 * @param noRoom what this site's disk has no room for; empty while it has
 */
public record GroupFacts(
    Role role,
    Optional<String> failure,
    Optional<String> fencedBy,
    boolean promoting,
    boolean connected,
    Replication replication,
    Protection protection,
    double lagSeconds,
    double quotaShare,
    Optional<String> noRoom) {

  /** What the primary's replies are worth; {@code AS_PROMISED} at a mirror. */
  public enum Protection {
    AS_PROMISED,
    /** Less than the mode says: the limits of exposure were passed, and the operator chose that. */
    DEGRADED,
    /** Writes wait: the limits of exposure were passed, or the quota. */
    BLOCKED,
    /** There is no mirror. */
    UNPROTECTED
  }
}
