package dev.farshore.agent.mirror;

/** Where a promotion stands. */
public enum PromotionStep {
  ASKING_PRIMARY,
  /** The old epoch is not acknowledged any more; what is in flight of it is still taken. */
  DRAINING,
  FORCING,
  DONE,
  FAILED
}
