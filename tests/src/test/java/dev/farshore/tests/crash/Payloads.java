package dev.farshore.tests.crash;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Bytes that say by themselves whether they are whole, and which writing they come from. */
final class Payloads {
  static final int SHORTEST = 3 * Long.BYTES;

  private Payloads() {}

  /**
   * @param seed of the process that writes
   * @param number of the writing
   */
  static ByteBuffer of(long seed, long number, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    bytes.putLong(seed).putLong(number).putLong(length);
    SplittableRandom random = new SplittableRandom(seed * 0x9e3779b97f4a7c15L + number);
    while (bytes.remaining() >= Long.BYTES) {
      bytes.putLong(random.nextLong());
    }
    return bytes.rewind();
  }

  /** Whether the bytes are a payload as {@link #of} makes them, with this number. */
  static boolean isWhole(ByteBuffer bytes, long number) {
    return bytes.remaining() >= SHORTEST
        && bytes.getLong(Long.BYTES) == number
        && bytes.equals(of(bytes.getLong(0), number, bytes.remaining()));
  }
}
