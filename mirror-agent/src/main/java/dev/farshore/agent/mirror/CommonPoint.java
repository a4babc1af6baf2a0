package dev.farshore.agent.mirror;

import dev.farshore.log.record.LogPosition;
import java.util.Optional;

/**
 * Binary search for the last LSN at which two logs have the same chain. Logs that agree at an LSN
 * agree below it, so agreement is a prefix. The owner looks up its own positions and asks the other
 * site for its own.
 */
final class CommonPoint {
  private long agreed;
  private long differs;
  private boolean anyAgreed;
  private final long lowest;

  /**
   * @param lowest lowest LSN at which both sites still know their chain
   * @param highest LSN at which the logs are known to differ
   */
  CommonPoint(long lowest, long highest) {
    this.lowest = lowest;
    this.agreed = lowest - 1;
    this.differs = highest;
  }

  /** Whether nothing is left to ask. */
  boolean finished() {
    return differs - agreed <= 1;
  }

  /** The LSN to compare next; the lowest first, for without it there is no common point. */
  long next() {
    return anyAgreed ? agreed + (differs - agreed) / 2 : lowest;
  }

  /** What the comparison at {@link #next} said. */
  void compared(Optional<LogPosition> mine, Optional<LogPosition> theirs) {
    long lsn = next();
    if (mine.isPresent() && mine.equals(theirs)) {
      agreed = lsn;
      anyAgreed = true;
    } else {
      differs = lsn;
    }
  }

  /** The last common LSN, once {@link #finished}; empty if the logs share none. */
  Optional<Long> result() {
    return anyAgreed ? Optional.of(agreed) : Optional.empty();
  }
}
