package dev.farshore.log.group;

import java.time.Duration;

/**
 * How a group's store works.
 *
 * @param foldBatchBytes size of the records that one fold takes, 4 KiB to 1 GiB; it may be exceeded
 *     by one append, and is memory
 * @param foldDelay how long records may wait for a fold when there are fewer than that
 * @param sumsCacheBytes memory for checksums of images; each 4 KiB speak for 4 MiB of image
 */
public record GroupStoreSettings(long foldBatchBytes, Duration foldDelay, long sumsCacheBytes) {

  /** Folds of 64 MiB, at the latest after 5 s; 16 MiB of sums, for 16 GiB of image. */
  public static final GroupStoreSettings DEFAULT =
      new GroupStoreSettings(64L << 20, Duration.ofSeconds(5), 16L << 20);

  public GroupStoreSettings {
    if (foldBatchBytes < 4096 || foldBatchBytes > 1L << 30) {
      throw new IllegalArgumentException("folds of " + foldBatchBytes + " bytes");
    }
    if (foldDelay.isNegative() || sumsCacheBytes < 0) {
      throw new IllegalArgumentException("delay " + foldDelay + ", cache " + sumsCacheBytes);
    }
  }
}
