package dev.farshore.log.group;

/** Where a {@link Fold} is. */
enum FoldPhase {
  IDLE,
  GATHERING,
  MIXING,
  INTENDING,
  DRAINING,
  APPLYING,
  COMMITTING,
  FORGETTING,
  RELEASING,
  /** A batch that has to be completed rests before it is tried again. */
  RESTING,
  FAILED
}
