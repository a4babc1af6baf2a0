package dev.farshore.log.group;

/**
 * Says when a fold should begin: when enough has been appended to make it worth while, for what is
 * overwritten within one fold is written once; or when some record has waited for long.
 */
final class FoldTrigger {
  private final long batchBytes;
  private final long delayNanos;
  private boolean waiting;
  private long sinceNanos;

  FoldTrigger(GroupStoreSettings settings) {
    this.batchBytes = settings.foldBatchBytes();
    this.delayNanos = settings.foldDelay().toNanos();
  }

  /**
   * @param records that are not folded
   * @param bytes their size
   */
  boolean due(long records, long bytes, long nowNanos) {
    if (records == 0) {
      waiting = false;
      return false;
    }
    if (!waiting) {
      waiting = true;
      sinceNanos = nowNanos;
    }
    return bytes >= batchBytes || nowNanos - sinceNanos >= delayNanos;
  }

  /** A fold has ended, or could not begin: those that remain wait from now on. */
  void rest(long nowNanos) {
    sinceNanos = nowNanos;
  }

  long deadlineNanos() {
    return waiting ? sinceNanos + delayNanos : Long.MAX_VALUE;
  }
}
