package dev.farshore.log.chronicle;

/**
 * How the logs of a directory are kept.
 *
 * @param group identity of the group whose logs they are
 * @param segmentBytes when a segment has this many bytes, the next append begins another; a longer
 *     append makes a longer segment
 * @param wake run on another thread when a force has ended, so that an owner that sleeps can be
 *     woken; must be quick and not throw
 */
public record ChronicleSettings(long group, long segmentBytes, Runnable wake) {

  public static final long DEFAULT_SEGMENT_BYTES = 64 << 20;

  public ChronicleSettings {
    if (segmentBytes < 1) {
      throw new IllegalArgumentException("segments of " + segmentBytes + " bytes");
    }
  }
}
