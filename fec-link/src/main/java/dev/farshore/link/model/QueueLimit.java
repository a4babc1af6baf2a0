package dev.farshore.link.model;

/**
 * How much waits before a bottleneck. A packet that finds the bottleneck idle is always taken;
 * otherwise one that would go beyond the limit is dropped (drop-tail).
 */
public sealed interface QueueLimit {

  /**
   * @param bytes most bytes that wait, headers included, the newcomer among them
   */
  record Bytes(long bytes) implements QueueLimit {
    public Bytes {
      require(bytes, "bytes");
    }
  }

  /**
   * @param nanos longest time that a packet waits before its first bit leaves
   */
  record Time(long nanos) implements QueueLimit {
    public Time {
      require(nanos, "nanos");
    }
  }

  private static void require(long value, String what) {
    if (value < 0) {
      throw new IllegalArgumentException("Queue limit of " + value + " " + what);
    }
  }
}
