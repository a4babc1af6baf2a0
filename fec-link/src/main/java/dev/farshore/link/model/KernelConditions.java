package dev.farshore.link.model;

/**
 * What the operating system of a simulated host does with datagrams that are to leave.
 *
 * @param nicBitsPerSecond rate at which they leave the host; 0 if they leave at once
 * @param sendBufferBytes most bytes that wait in a port's batch and in the kernel; beyond it a send
 *     answers with back-pressure
 * @param queueReadable whether the kernel tells how much of that waits
 * @param refuse probability that a send is refused at once
 * @param refuseLater probability that a datagram is taken, does not leave, and is reported later
 */
public record KernelConditions(
    long nicBitsPerSecond,
    long sendBufferBytes,
    boolean queueReadable,
    double refuse,
    double refuseLater) {

  public static final KernelConditions IDEAL = new KernelConditions(0, 16 << 20, true, 0, 0);

  public KernelConditions {
    if (nicBitsPerSecond < 0 || sendBufferBytes < 1) {
      throw new IllegalArgumentException(
          nicBitsPerSecond + " bit/s behind " + sendBufferBytes + " bytes");
    }
  }
}
