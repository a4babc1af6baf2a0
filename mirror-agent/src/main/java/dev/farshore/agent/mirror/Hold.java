package dev.farshore.agent.mirror;

/** Why writes wait. */
public enum Hold {
  /** More would be unconfirmed by the mirror than the operator allows, in bytes or in seconds. */
  AT_RISK,
  /** The log that is kept for the mirror is at its quota. */
  QUOTA,
  /** The mirror holds nothing of use until it has been filled. */
  FILL
}
