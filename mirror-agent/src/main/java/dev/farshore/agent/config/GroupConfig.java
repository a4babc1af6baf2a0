package dev.farshore.agent.config;

/**
 * A group of volumes that is mirrored together.
 *
 * @param peer name of the site that it is shared with
 * @param firstPrimary name of the site that leads the group before anyone has led it
 */
public record GroupConfig(
    String name,
    String peer,
    String firstPrimary,
    Promise promise,
    Exposure exposure,
    Storage storage,
    Patience patience) {

  /** When a write is answered. */
  public enum Mode {
    LOCAL,
    NETWORK,
    REMOTE
  }

  /**
   * What a reply promises.
   *
   * @param coverage in mode {@code network}: how many layers of repair packets must have left, 1 to
   *     the number of levels of the link's code, which is full coverage; 0 for a link without code
   */
  public record Promise(Mode mode, int coverage) {}

  /** What happens beyond the limits of {@link Exposure}. */
  public enum OnExposure {
    /** Writes wait. */
    BLOCK,
    /** Writes are answered with less than was promised, and the log records since when. */
    DEGRADE
  }

  /**
   * How much may be answered and not yet confirmed by the mirror.
   *
   * @param maxBytes of records
   * @param maxNanos since the mirror last confirmed everything
   */
  public record Exposure(long maxBytes, long maxNanos, OnExposure beyond) {}

  /** What happens when the log that is kept for an absent mirror reaches its quota. */
  public enum OnQuota {
    /** Go on without the mirror, and fill it anew when it is back. */
    DETACH_MIRROR,
    /** Writes wait. */
    BLOCK
  }

  /** Which store keeps the log. */
  public enum Store {
    FILE,
    CHRONICLE
  }

  /**
   * What lies on this site's disk.
   *
   * @param segmentBytes size of a log segment
   * @param foldBatchBytes how much of the log is folded into the base images at a time
   * @param foldDelayNanos after how long less than that is folded too
   * @param quotaBytes most bytes of log that are kept on disk for an absent mirror
   */
  public record Storage(
      Store store,
      int segmentBytes,
      long foldBatchBytes,
      long foldDelayNanos,
      long quotaBytes,
      OnQuota beyond) {}

  /**
   * How long to wait for the other site.
   *
   * @param startWaitNanos for an answer at start, before a primary goes on alone
   * @param drainNanos of silence on the link before a promotion cuts the log
   */
  public record Patience(long startWaitNanos, long drainNanos) {}
}
