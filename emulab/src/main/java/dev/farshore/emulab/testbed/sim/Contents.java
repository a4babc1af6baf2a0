package dev.farshore.emulab.testbed.sim;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * What a tester writes: bytes that nothing can compress or deduplicate, and in each block of 4 KiB
 * who wrote it, with which request, and where in it the block lies.
 */
final class Contents {
  static final int BLOCK_BYTES = 4096;
  private static final int STAMP_BYTES = 16;

  private final int tester;
  private final ByteBuffer request;

  Contents(int tester, int requestBytes, SplittableRandom random) {
    this.tester = tester;
    request = ByteBuffer.allocateDirect(requestBytes);
    while (request.hasRemaining()) {
      request.putLong(random.nextLong());
    }
    stamp(0);
  }

  int tester() {
    return tester;
  }

  /** The bytes of a request; the buffer is the same each time. */
  ByteBuffer stamp(long number) {
    for (int at = 0; at < request.capacity(); at += BLOCK_BYTES) {
      request.putLong(at, number).putInt(at + Long.BYTES, tester);
      request.putInt(at + Long.BYTES + Integer.BYTES, at);
    }
    return request.clear();
  }

  /** The number of the request that these bytes are, or -1 if they are no whole request. */
  long numberOf(ByteBuffer held) {
    long number = held.getLong(held.position());
    boolean whole = true;
    for (int at = 0; whole && at < request.capacity(); at += BLOCK_BYTES) {
      int from = at + STAMP_BYTES;
      int here = held.position() + at;
      whole =
          held.getLong(here) == number
              && held.getInt(here + Long.BYTES) == tester
              && held.getInt(here + Long.BYTES + Integer.BYTES) == at
              && held.slice(here + STAMP_BYTES, BLOCK_BYTES - STAMP_BYTES)
                  .equals(request.slice(from, BLOCK_BYTES - STAMP_BYTES));
    }
    return whole ? number : -1;
  }
}
