package dev.farshore.emulab.testbed.sim;

import dev.farshore.log.disk.DiskTiming;

/**
 * What the testbed assumes of its machines.
 *
 * @param disk how long the disk of a machine takes. It has no limit of bytes a second: at the rates
 *     of a wide-area link a disk of today is not what writers wait for
 * @param roundNanos an agent's loop comes round no sooner than that after it came round last: what
 *     happens in between is seen together. A client's request and its reply take a round each at
 *     the most
 */
public record Physics(DiskTiming disk, long roundNanos) {

  /** A solid-state disk that forces in 400 to 500 µs, and rounds of 100 µs. */
  public static final Physics USUAL = new Physics(DiskTiming.SOLID_STATE, 100_000);

  public Physics {
    if (roundNanos < 1) {
      throw new IllegalArgumentException("rounds of " + roundNanos + " ns");
    }
  }
}
