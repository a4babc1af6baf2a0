package dev.farshore.link.model;

/** The slowest place of a path. */
public sealed interface Bottleneck {

  /** The path takes any number of packets at once. */
  record None() implements Bottleneck {}

  /**
   * Packets leave one after the other at a fixed rate, in the order in which they came.
   *
   * @param bitsPerSecond rate, headers included; at least 1
   * @param queue what waits before it
   * @param headerBytes bytes that each packet takes beside its payload; 28 for UDP over IPv4, 48
   *     for UDP over IPv6
   */
  record DropTail(long bitsPerSecond, QueueLimit queue, int headerBytes) implements Bottleneck {
    public DropTail {
      if (bitsPerSecond < 1 || headerBytes < 0) {
        throw new IllegalArgumentException(
            "Bottleneck of " + bitsPerSecond + " bit/s with headers of " + headerBytes + " bytes");
      }
    }
  }

  /** IPv4 and UDP headers. */
  int UDP_HEADER_BYTES = 28;

  None NONE = new None();
}
