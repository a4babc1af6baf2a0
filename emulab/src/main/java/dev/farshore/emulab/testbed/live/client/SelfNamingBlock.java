package dev.farshore.emulab.testbed.live.client;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * A block whose bytes follow from the journal's seed, its place and its version, so that a reader
 * can tell which version it sees, and that it sees nothing else.
 */
public final class SelfNamingBlock {
  private static final long MAGIC = 0x46415253484f5245L;

  private SelfNamingBlock() {}

  static byte[] bytes(long seed, long block, long version, int length) {
    ByteBuffer out = ByteBuffer.allocate(length);
    fill(seed, block, version, out);
    return out.array();
  }

  /**
   * Writes a block.
   *
   * @param out of the block's length from position to limit, a multiple of 8 and 32 at least
   */
  public static void fill(long seed, long block, long version, ByteBuffer out) {
    out.putLong(MAGIC).putLong(seed).putLong(block).putLong(version);
    SplittableRandom random =
        new SplittableRandom(seed * 31 + block * 0x9e3779b97f4a7c15L + version);
    while (out.remaining() >= Long.BYTES) {
      out.putLong(random.nextLong());
    }
  }

  /** Version that the bytes hold; 0 for zeros; empty if they are no block of that place. */
  public static OptionalLong version(long seed, long block, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.getLong(0) == 0) {
      for (byte each : bytes) {
        if (each != 0) {
          return OptionalLong.empty();
        }
      }
      return OptionalLong.of(0);
    }
    long version = in.getLong(24);
    boolean same = java.util.Arrays.equals(bytes, bytes(seed, block, version, bytes.length));
    return same ? OptionalLong.of(version) : OptionalLong.empty();
  }
}
