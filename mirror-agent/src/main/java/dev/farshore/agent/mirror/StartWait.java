package dev.farshore.agent.mirror;

/**
 * How long a starting primary waits for a mirror that does not answer. While one does, its records
 * are still coming; when it falls silent after it gave some, it gets the whole wait again. Owned by
 * the group's thread.
 */
final class StartWait {
  private final long waitNanos;
  private long lastLsn;
  private long deadlineNanos;

  /**
   * @param lastLsn end of the log now
   */
  StartWait(long waitNanos, long lastLsn, long nowNanos) {
    this.waitNanos = waitNanos;
    this.lastLsn = lastLsn;
    this.deadlineNanos = nowNanos + waitNanos;
  }

  /**
   * A mirror does not answer.
   *
   * @param logLsn end of the log now
   * @return whether it has been waited for long enough
   */
  boolean isOver(long logLsn, long nowNanos) {
    if (logLsn > lastLsn) {
      lastLsn = logLsn;
      deadlineNanos = nowNanos + waitNanos;
    }
    return nowNanos - deadlineNanos >= 0;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }
}
