package dev.farshore.agent.mirror;

import dev.farshore.log.record.Epoch;

/** What a site does for a group at present, as the group's engine states it. */
public sealed interface Standing {

  /** Nothing of the group is here yet; its primary will bring it. */
  record Empty() implements Standing {}

  /** This site leads, or is about to find out whether it does. */
  record Leading(LeadPhase phase) implements Standing {}

  /**
   * This site led, and another one leads in the higher epoch {@code by}. Until their logs have been
   * joined this one may hold records that the leader never saw; it serves no writes.
   */
  record Fenced(Epoch by) implements Standing {}

  /** Another site leads; this one never led against it. */
  record Following() implements Standing {}
}
