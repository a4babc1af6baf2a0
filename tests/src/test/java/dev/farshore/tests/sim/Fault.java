package dev.farshore.tests.sim;

/** What may go wrong in a world, or is done to it by its operator. */
enum Fault {
  /** A direction of the path gets other conditions. */
  PATH_CHANGES,
  PARTITION,
  ONE_WAY_PARTITION,
  /** The kernel takes no datagrams for a while. */
  KERNEL_PUSHES_BACK,
  /** The kernel refuses datagrams, at once or later. */
  KERNEL_REFUSES,
  /** kill -9: pages survive. */
  KILL_PRIMARY,
  KILL_MIRROR,
  POWER_CUT_PRIMARY,
  POWER_CUT_MIRROR,
  POWER_CUT_BOTH,
  /** A site dies at a call to its disk, in the middle of whatever it does. */
  DEATH_AT_DISK_CALL,
  FORCE_FAILS,
  WRITE_FAILS,
  READ_FAILS,
  DISK_FULL,
  CACHE_DROPPED,
  /** Stored bytes change while the site is down. */
  ROT,
  /** Stored bytes of the log change while the site runs. */
  LOG_ROT,
  /** The mirror's disk is replaced by an empty one. */
  MIRROR_WIPED,
  PLANNED_PROMOTION,
  FORCED_PROMOTION,
  /** Nothing enters the wire any more, the primary dies, the mirror is promoted. */
  DISASTER,
  VOLUME_CHANGES
}
