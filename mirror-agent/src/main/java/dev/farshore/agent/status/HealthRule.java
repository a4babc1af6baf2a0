package dev.farshore.agent.status;

import dev.farshore.agent.status.GroupFacts.Protection;
import java.util.Locale;

/** Finds a group's health: the worst thing that is true of it. */
public final class HealthRule {

  /** A mirror that confirmed everything longer ago than this is behind. */
  public static final double LAG_SECONDS_MAX = 5;

  /** Beyond this share of its quota, the log kept for the mirror is worth a warning. */
  public static final double QUOTA_SHARE_MAX = 0.8;

  private HealthRule() {}

  /**
   * @param group its name, for the commands in the advice
   * @param peer name of the other site
   */
  public static Verdict judge(String group, String peer, GroupFacts facts) {
    if (facts.failure().isPresent()) {
      return new Verdict(
          Health.FAILED,
          "the store has failed: " + facts.failure().get(),
          "mend the disk and restart this site; if it was the primary and cannot come back, promote"
              + " the mirror: mirror-agent promote "
              + group);
    }
    if (facts.fencedBy().isPresent()) {
      return new Verdict(
          Health.FENCED,
          "another site leads in epoch "
              + facts.fencedBy().get()
              + "; this one serves no writes"
              + " and follows as soon as "
              + peer
              + " connects",
          facts.connected() ? "" : "see whether " + peer + " is up");
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
    return switch (facts.role()) {
      case STARTING ->
          new Verdict(Health.STARTING, "waiting for " + peer + " before serving anything", "");
      case PRIMARY -> primary(peer, facts);
      case MIRROR -> mirror(group, peer, facts);
    };
  }

  private static Verdict primary(String peer, GroupFacts facts) {
    if (facts.replication() == Replication.FILLING && facts.protection() == Protection.BLOCKED) {
      return new Verdict(
          Health.BLOCKED,
          "writes wait until " + peer + " has been copied anew",
          "wait, or choose otherwise with on-exposure or on-quota");
    }
    if (facts.replication() == Replication.FILLING) {
      return new Verdict(
          Health.FILLING, "there is no usable mirror until " + peer + " has been copied anew", "");
    }
    return switch (facts.protection()) {
      case BLOCKED ->
          new Verdict(
              Health.BLOCKED,
              "writes wait: the limit of what may be unconfirmed by " + peer + " is reached",
              "bring " + peer + " or the link back; on-exposure and on-quota choose otherwise");
      case UNPROTECTED ->
          new Verdict(
              Health.UNPROTECTED,
              "there is no mirror: " + peer + " was detached and will be filled anew",
              facts.connected() ? "" : "bring " + peer + " back");
      case DEGRADED ->
          new Verdict(
              Health.DEGRADED,
              "writes are answered with less than was promised: "
                  + peer
                  + " does not confirm them"
                  + quotaWarning(facts),
              "bring " + peer + " or the link back");
      case AS_PROMISED -> following(peer, facts);
    };
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
