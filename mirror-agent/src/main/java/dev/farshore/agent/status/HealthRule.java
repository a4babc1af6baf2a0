package dev.farshore.agent.status;

import dev.farshore.agent.status.GroupFacts.Failure;
import dev.farshore.agent.status.GroupFacts.Stall;
import java.util.Locale;

/** Finds a group's health: the worst thing that is true of it. */
public final class HealthRule {

  /** A mirror that confirmed everything longer ago than this is behind. */
  public static final double LAG_SECONDS_MAX = 5;

  /** Beyond this share of its quota, the log kept for the mirror is worth a warning. */
  public static final double QUOTA_SHARE_MAX = 0.8;

  private static final String RESTART =
      "mend the disk and restart this site; if it was the primary and cannot come back, promote"
          + " the mirror: mirror-agent promote ";

  private HealthRule() {}

  /**
   * @param group its name, for the commands in the advice
   * @param peer name of the other site
   */
  public static Verdict judge(String group, String peer, GroupFacts facts) {
    if (facts.failure().isPresent()) {
      return failed(group, peer, facts.failure().get());
    }
    if (facts.fencedBy().isPresent()) {
      return fenced(peer, facts);
    }
    if (facts.promoting()) {
      return new Verdict(Health.STARTING, "this site is taking over", "");
    }
    if (facts.noRoom().isPresent()) {
      return new Verdict(
          Health.SHORT_OF_SPACE,
          facts.noRoom().get(),
          "make room: until then writes are refused, or will be soon");
    }
    if (facts.stall().isPresent()) {
      return stalled(group, peer, facts);
    }
    return switch (facts.role()) {
      case STARTING ->
          new Verdict(Health.STARTING, "waiting for " + peer + " before serving anything", "");
      case PRIMARY -> primary(peer, facts);
      case MIRROR -> mirror(group, peer, facts);
      case NONE ->
          new Verdict(Health.FAILED, "this site serves nothing of the group", RESTART + group);
    };
  }

  private static Verdict failed(String group, String peer, Failure failure) {
    return switch (failure.kind()) {
      case STORE ->
          new Verdict(Health.FAILED, "the store has failed: " + failure.text(), RESTART + group);
      case NOT_OPENED ->
          new Verdict(
              Health.FAILED,
              "the group could not be opened: " + failure.text(),
              "mend the disk and restart this site; if it was the mirror, move the group's directory"
                  + " away and it is filled anew; if it was the primary and cannot come back, promote"
                  + " the mirror at "
                  + peer
                  + ": mirror-agent promote "
                  + group);
      case RECORDS_LOST ->
          new Verdict(
              Health.FAILED,
              "refuses to serve: " + failure.text(),
              "promote the mirror at "
                  + peer
                  + ", which has what is missing here: mirror-agent promote "
                  + group);
    };
  }

  private static Verdict fenced(String peer, GroupFacts facts) {
    String follows =
        facts.connected()
            ? "; this one serves no writes and joins its log with that of " + peer
            : "; this one serves no writes and follows as soon as " + peer + " connects";
    return new Verdict(
        Health.FENCED,
        "another site leads in epoch " + facts.fencedBy().get() + follows,
        facts.connected() ? "" : "see whether " + peer + " is up");
  }

  private static Verdict stalled(String group, String peer, GroupFacts facts) {
    Stall stall = facts.stall().orElseThrow();
    if (stall.kind() == Stall.Kind.REPAIRING) {
      return new Verdict(
          Health.REPAIRING,
          "the log is damaged, and what is lost is fetched from " + peer + ": " + stall.text(),
          "wait; then see what ails the disk");
    }
    return new Verdict(
        Health.STALLED,
        stall.kind() == Stall.Kind.NOT_AT_MIRROR
            ? "the log is damaged, and the log of "
                + peer
                + " does not hold what is lost: "
                + stall.text()
            : "records cannot be moved from the log into the base images, and the log grows: "
                + stall.text(),
        facts.role() != Role.MIRROR
            ? "mend the disk; if it has lost what it held, promote the mirror at "
                + peer
                + ": mirror-agent promote "
                + group
            : "mend the disk; if it has lost what it held and "
                + peer
                + " serves, stop this site, move the group's directory away and start it: the group"
                + " is filled anew; if "
                + peer
                + " is lost, promote this site: mirror-agent promote "
                + group);
  }

  private static Verdict primary(String peer, GroupFacts facts) {
    boolean filling = facts.replication() == Replication.FILLING;
    return switch (facts.protection()) {
      case BLOCKED_UNTIL_FILLED ->
          new Verdict(
              Health.BLOCKED,
              "writes wait until " + peer + " has been copied anew",
              facts.connected()
                  ? "wait, or choose otherwise with on-exposure or on-quota"
                  : "bring " + peer + " back; on-exposure and on-quota choose otherwise");
      case BLOCKED_AT_RISK ->
          new Verdict(
              Health.BLOCKED,
              "writes wait: the limit of what may be unconfirmed by "
                  + peer
                  + ", max-at-risk, is reached",
              filling
                  ? "wait for the copy"
                  : "bring " + peer + " or the link back, or set on-exposure");
      case BLOCKED_BY_QUOTA ->
          new Verdict(
              Health.BLOCKED,
              "writes wait: the log kept for " + peer + " has reached its quota",
              filling
                  ? "wait for the copy"
                  : "bring " + peer + " or the link back, or set on-quota");
      case UNPROTECTED -> filling ? filling(peer) : unprotected(peer, facts);
      case DEGRADED ->
          filling
              ? filling(peer)
              : new Verdict(
                  Health.DEGRADED,
                  "writes are answered with less than was promised: "
                      + peer
                      + " does not confirm them"
                      + quotaWarning(facts),
                  "bring " + peer + " or the link back");
      case AS_PROMISED -> filling ? filling(peer) : following(peer, facts);
    };
  }

  private static Verdict filling(String peer) {
    return new Verdict(
        Health.FILLING, "there is no usable mirror until " + peer + " has been copied anew", "");
  }

  private static Verdict unprotected(String peer, GroupFacts facts) {
    return new Verdict(
        Health.UNPROTECTED,
        facts.replication() == Replication.DETACHED
            ? "there is no mirror: " + peer + " was detached and will be filled anew"
            : "there is no usable mirror: " + peer + " has to be filled anew",
        facts.connected() ? "" : "bring " + peer + " back");
  }

  private static Verdict mirror(String group, String peer, GroupFacts facts) {
    Verdict verdict = following(peer, facts);
    if (verdict.health() == Health.DISCONNECTED) {
      return new Verdict(
          verdict.health(),
          verdict.why(),
          "if " + peer + " is lost, take over: mirror-agent promote " + group);
    }
    return verdict;
  }

  private static String quotaWarning(GroupFacts facts) {
    return facts.quotaShare() > QUOTA_SHARE_MAX ? "; " + quota(facts) : "";
  }

  private static String quota(GroupFacts facts) {
    return String.format(
        Locale.ROOT,
        "the log kept for the mirror has filled %.0f %% of its quota",
        facts.quotaShare() * 100);
  }

  /** What both ends can say when nothing worse is true. */
  private static Verdict following(String peer, GroupFacts facts) {
    if (facts.replication() == Replication.FILLING && facts.connected()) {
      return new Verdict(Health.FILLING, "the mirror is being copied anew", "");
    }
    if (facts.replication() == Replication.DETACHED) {
      return new Verdict(Health.UNPROTECTED, "the mirror is detached", "bring " + peer + " back");
    }
    if (!facts.connected()) {
      return new Verdict(
          Health.DISCONNECTED,
          peer + " does not answer" + quotaWarning(facts),
          "see whether " + peer + " is up");
    }
    if (facts.replication() != Replication.STREAMING) {
      return new Verdict(
          Health.CATCHING_UP, "connected with " + peer + ", " + facts.replication().word(), "");
    }
    if (facts.quotaShare() > QUOTA_SHARE_MAX) {
      return new Verdict(Health.CATCHING_UP, quota(facts), "");
    }
    if (!(facts.lagSeconds() <= LAG_SECONDS_MAX)) {
      return new Verdict(
          Health.CATCHING_UP,
          String.format(Locale.ROOT, "the mirror is %.1f s behind", facts.lagSeconds()),
          "");
    }
    return Verdict.HEALTHY;
  }
}
