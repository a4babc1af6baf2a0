package dev.farshore.log.file;

/**
 * How a log is kept.
 *
 * @param name first part of the names of its files; letters, digits, dots and hyphens
 * @param group identity of the group whose log it is
 * @param segmentBytes size of a segment file, 64 KiB to 512 MiB; a longer append makes a longer
 *     file
 * @param cacheBytes how much of the end of the log is kept in memory for readers; memory of that
 *     size, outside the heap, and as much more as readers hold
 * @param spareSegments how many freed files are kept for reuse; more are deleted
 */
public record LogSettings(
    String name, long group, int segmentBytes, int cacheBytes, int spareSegments) {

  public static final int DEFAULT_SEGMENT_BYTES = 64 << 20;
  public static final int DEFAULT_CACHE_BYTES = 16 << 20;
  public static final int DEFAULT_SPARE_SEGMENTS = 1;
  private static final int MIN_SEGMENT_BYTES = 64 << 10;
  private static final int MAX_SEGMENT_BYTES = 512 << 20;

  public LogSettings {
    requireName(name);
    if (segmentBytes < MIN_SEGMENT_BYTES
        || segmentBytes > MAX_SEGMENT_BYTES
        || segmentBytes % 4096 != 0) {
      throw new IllegalArgumentException("segments of " + segmentBytes + " bytes");
    }
    if (cacheBytes < 0 || spareSegments < 0) {
      throw new IllegalArgumentException("a negative number");
    }
  }

  /** The default sizes. */
  public static LogSettings of(String name, long group) {
    return new LogSettings(
        name, group, DEFAULT_SEGMENT_BYTES, DEFAULT_CACHE_BYTES, DEFAULT_SPARE_SEGMENTS);
  }

  static void requireName(String name) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9.~-]{0,99}")) {
      throw new IllegalArgumentException("no name for a log: " + name);
    }
  }

  /** The same with segments of another size. */
  public LogSettings withSegmentBytes(int bytes) {
    return new LogSettings(name, group, bytes, cacheBytes, spareSegments);
  }

  /** The same with another size of the part that is kept in memory. */
  public LogSettings withCacheBytes(int bytes) {
    return new LogSettings(name, group, segmentBytes, bytes, spareSegments);
  }

  LogSettings named(String other) {
    return new LogSettings(other, group, segmentBytes, cacheBytes, spareSegments);
  }
}
