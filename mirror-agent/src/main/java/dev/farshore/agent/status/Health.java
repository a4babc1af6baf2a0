package dev.farshore.agent.status;

import java.util.Locale;

/** How a group is, in one word; worst last. */
public enum Health {
  /** Everything that was promised holds, and the mirror follows. */
  HEALTHY,
  /** The mirror is connected and behind. */
  CATCHING_UP,
  /** The site is still finding out who leads, or takes over now. */
  STARTING,
  /** The mirror is being copied anew and cannot take over until that is done. */
  FILLING,
  /** The other site does not answer. */
  DISCONNECTED,
  /** Writes are answered with less than the mode promises. */
  DEGRADED,
  /** Writes are answered, and there is no mirror. */
  UNPROTECTED,
  /** Writes wait. */
  BLOCKED,
  /** This site's disk is full, or nearly: writes are refused, or will be. */
  SHORT_OF_SPACE,
  /** This site's disk has lost a part of the log, which is fetched from the mirror. */
  REPAIRING,
  /** What the log holds cannot be moved into the base images: damage, or a disk that refuses. */
  STALLED,
  /** Another site leads in a higher epoch; this one serves no writes. */
  FENCED,
  /** The group failed at this site, or was never opened; nothing is served from it. */
  FAILED;

  /** As it is printed. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
