package dev.farshore.tests.sim;

/**
 * States that are seldom reached. A run of the whole suite that never reached one proves little.
 */
enum Rare {
  /** The primary lost records that the mirror held, and took them back before it served. */
  MIRROR_AHEAD_PULLED_BACK,
  /** The primary lost records that the mirror held, and served without it in a new epoch. */
  START_WAIT_OVER,
  /** A mirror set records aside that its leader does not have. */
  DIVERGENT_TAIL_CUT,
  FILL_COMMITTED,
  /** A fill went on where an earlier one had been broken off. */
  FILL_RESUMED,
  /** A diverged mirror had folded too much, and was filled. */
  DIVERGED_MIRROR_REFILLED,
  PROMOTION_UNPLANNED,
  PROMOTION_PLANNED,
  PROMOTION_FAILED,
  /** The site died between the first and the last step of a promotion, and finished it later. */
  PROMOTION_CRASHED_AND_RESUMED,
  /** The former primary died while it handed over. */
  HAND_OVER_CRASHED,
  DEGRADED_SPAN_BEGUN,
  DEGRADED_SPAN_ENDED,
  /** Writers waited because too much was at risk. */
  BLOCKED_AT_RISK,
  QUOTA_DETACHED_MIRROR,
  QUOTA_BLOCKED,
  /** An acknowledged record was lost with its site, beyond what the code repairs. */
  NETWORK_LOSS_BEYOND_CODE,
  /** A drained promotion found what only the code could restore. */
  CODE_SAVED_ACKNOWLEDGED,
  /** A group lost one packet more than its repairs could give back, and it was sent again. */
  GROUP_BEYOND_REPAIR_RESENT,
  LOCAL_TAIL_LOST,
  TORN_TAIL_AT_RECOVERY,
  /** Whole records of an append that was not complete were dropped at recovery. */
  UNFORCED_LOST_AT_POWER_CUT,
  UNFORCED_REWRITTEN_AT_RECOVERY,
  CLEAN_REOPEN,
  /** A primary met a higher epoch and became a mirror. */
  PRIMARY_FENCED,
  /**
   * A fenced primary came back after a restart, or after a partition, with acknowledged orphans.
   */
  ORPHAN_TAIL,
  STORE_FAILED,
  FORCE_FAILED,
  DISK_WAS_FULL,
  DEATH_IN_THE_MIDDLE,
  DAMAGE_FOUND,
  /** What a disk had lost of the log came back from the other site, and was folded. */
  LOG_REPAIRED,
  MIRROR_READ_WHILE_FOLLOWING,
  KERNEL_PUSHED_BACK,
  KERNEL_REFUSED,
  VOLUME_RESIZED,
  VOLUME_REMOVED,
  FOLDED,
  /** A degraded group answered more than max-at-risk. */
  BEYOND_MAX_AT_RISK
}
