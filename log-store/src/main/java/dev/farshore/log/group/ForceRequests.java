package dev.farshore.log.group;

import dev.farshore.log.SegmentLog;

/**
 * Has the log forced now and then when nobody asks for it, for only what is forced can be folded
 * and freed, and the log waits at the end of a segment until the one before is forced: in small
 * pieces, so that little is left to wait for then, and so that the device is never idle while there
 * is something to force.
 */
final class ForceRequests {
  private static final long BYTES_MAX = 8 << 20;

  private final long bytesMax;
  private final long delayNanos;
  private boolean waiting;
  private long sinceNanos;
  private long bytesAtRequest;

  ForceRequests(GroupStoreSettings settings) {
    this.bytesMax = Math.min(settings.foldBatchBytes(), BYTES_MAX);
    this.delayNanos = settings.foldDelay().toNanos();
  }

  void poll(SegmentLog log, long nowNanos) {
    if (log.forced() == log.appended()) {
      waiting = false;
      return;
    }
    if (!waiting) {
      waiting = true;
      sinceNanos = nowNanos;
    }
    long bytes = log.encodedBytes();
    if (bytes - bytesAtRequest >= bytesMax || nowNanos - sinceNanos >= delayNanos) {
      log.requestForce();
      bytesAtRequest = bytes;
      sinceNanos = nowNanos;
    }
  }

  long deadlineNanos() {
    return waiting ? sinceNanos + delayNanos : Long.MAX_VALUE;
  }
}
