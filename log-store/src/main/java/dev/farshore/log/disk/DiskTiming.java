package dev.farshore.log.disk;

/**
 * How long a simulated disk takes, in virtual nanoseconds. Each operation takes its base time plus
 * a seeded part of {@code jitterNanos}, so operations in flight together overtake each other.
 *
 * @param readNanos shortest time of a read
 * @param writeNanos shortest time of a write that does not complete at once
 * @param forceNanos shortest time of a force
 * @param jitterNanos longest addition to any of these
 * @param logWritesAtOnce whether writes to {@link Disk.Access#LOG} files complete within the
 *     submitting call, as on a real disk
 */
public record DiskTiming(
    long readNanos, long writeNanos, long forceNanos, long jitterNanos, boolean logWritesAtOnce) {

  /** A solid-state disk: reads 80 µs, writes 20 µs, forces 400 µs, log writes at once. */
  public static final DiskTiming SOLID_STATE =
      new DiskTiming(80_000, 20_000, 400_000, 100_000, true);

  /** Everything takes from 0 to 1 ms in any order, log writes too. */
  public static final DiskTiming SHUFFLED = new DiskTiming(0, 0, 0, 1_000_000, false);

  public DiskTiming {
    if (readNanos < 0 || writeNanos < 0 || forceNanos < 0 || jitterNanos < 0) {
      throw new IllegalArgumentException("a time is negative");
    }
  }
}
