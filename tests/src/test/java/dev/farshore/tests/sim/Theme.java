package dev.farshore.tests.sim;

import java.util.List;

/**
 * Faults that together lead to states which chance alone seldom reaches, each of them often.
 *
 * @see Swarm
 */
enum Theme {
  /** A leader that cannot be told goes on, and comes back with a tail of its own. */
  SPLIT(Fault.PARTITION, Fault.ONE_WAY_PARTITION, Fault.FORCED_PROMOTION, Fault.KILL_MIRROR),
  /** Power goes at the leader, which loses more than its mirror, or finds no mirror. */
  POWER(Fault.POWER_CUT_PRIMARY, Fault.POWER_CUT_BOTH, Fault.PARTITION, Fault.KILL_MIRROR),
  /** Sites die in the middle of taking over and handing over. */
  PROMOTION(Fault.PLANNED_PROMOTION, Fault.KILL_PRIMARY, Fault.DEATH_AT_DISK_CALL, Fault.DISASTER),
  /** Mirrors are filled, and die while they are. */
  FILL(Fault.MIRROR_WIPED, Fault.KILL_MIRROR, Fault.POWER_CUT_MIRROR, Fault.PATH_CHANGES),
  /** The mirror is away for so long that there is no room, or too much is at risk. */
  LAG(Fault.PARTITION, Fault.KILL_MIRROR, Fault.VOLUME_CHANGES, Fault.POWER_CUT_PRIMARY),
  /** The device fails, and then the page cache is gone. */
  DEVICE(Fault.FORCE_FAILS, Fault.POWER_CUT_PRIMARY, Fault.POWER_CUT_MIRROR, Fault.CACHE_DROPPED),
  /** Stored bytes change. */
  DECAY(Fault.ROT, Fault.LOG_ROT, Fault.POWER_CUT_PRIMARY, Fault.KILL_MIRROR);

  private final List<Fault> faults;

  Theme(Fault... faults) {
    this.faults = List.of(faults);
  }

  List<Fault> faults() {
    return faults;
  }
}
