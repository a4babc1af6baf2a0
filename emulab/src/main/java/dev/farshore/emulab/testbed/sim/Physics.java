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
 * @param elision for how many bytes of payload one byte stands, where requests can be divided into
 *     32 KiB or a multiple of them; 1 for real bytes. Other requests keep theirs
 */
public record Physics(DiskTiming disk, long roundNanos, int elision) {

  /** A solid-state disk that forces in 400 to 500 µs, rounds of 100 µs, an eighth of the bytes. */
  public static final Physics USUAL = new Physics(DiskTiming.SOLID_STATE, 100_000, 8);

  /** The same with every byte there. */
  public static final Physics REAL_BYTES = new Physics(DiskTiming.SOLID_STATE, 100_000, 1);

  public Physics {
    if (roundNanos < 1 || elision < 1 || elision > 8) {
      throw new IllegalArgumentException("rounds of " + roundNanos + " ns, a byte for " + elision);
    }
  }
}
