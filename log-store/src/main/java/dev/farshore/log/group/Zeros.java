package dev.farshore.log.group;

import java.nio.ByteBuffer;

/** Bytes that are nowhere because they are all zero. */
final class Zeros {
  private static final ByteBuffer ZEROS = ByteBuffer.allocate(64 << 10).asReadOnlyBuffer();

  private Zeros() {}

  /** Fills bytes {@code from} to {@code to} of a buffer, counted from its position. */
  static void fill(ByteBuffer target, int from, int to) {
    for (int at = from; at < to; ) {
      int length = Math.min(ZEROS.capacity(), to - at);
      target.put(target.position() + at, ZEROS, 0, length);
      at += length;
    }
  }
}
