package dev.farshore.agent.mirror;

/** How far the leadership of a site has come. */
public enum LeadPhase {
  /** Waiting for the mirror's word, or for the time to be up. */
  STARTING,
  /** Forcing what recovery and the mirror gave, before anything is built on it. */
  FORCING,
  SERVING,
  /** A planned switchover: no new writes, the mirror catches up. */
  HANDING_OVER,
  /** Another site leads; the owner makes this site a mirror. */
  FENCED,
  /** Its log lacks what its mirror proves to have been forced here; it serves nothing. */
  REGRESSED,
  /** The store failed. */
  FAILED,
  CLOSED
}
