package dev.farshore.agent.site;

import dev.farshore.log.file.LogSettings;

/**
 * Memory, outside the heap, for the ends of all logs of a site. What a JVM may take there is as
 * much as its heap by default.
 *
 * @param bytesPerGroup most that one group's log may take
 */
record LogMemory(long bytesPerGroup) {
  private static final long MOST_BYTES = 1L << 30;

  /** Enough for records that have just been written to be sent from memory. */
  private static final long LEAST_BYTES = 1L << 20;

  /** A quarter of what the process may take, shared by its groups. */
  static LogMemory ofThisProcess(int groups) {
    return shared(Runtime.getRuntime().maxMemory() / 4, groups);
  }

  static LogMemory shared(long bytes, int groups) {
    return new LogMemory(Math.clamp(bytes / groups, LEAST_BYTES, MOST_BYTES));
  }

  /**
   * The batch that is being folded, and what comes meanwhile until the log waits for the fold, so
   * that neither the fold nor a mirror that keeps up has to read the log's files.
   */
  int forLog(long foldBatchBytes) {
    return (int) Math.min(3 * foldBatchBytes + LogSettings.DEFAULT_CACHE_BYTES, bytesPerGroup);
  }
}
