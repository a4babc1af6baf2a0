package dev.farshore.tests.bench;

import java.nio.ByteBuffer;
import java.util.Random;

/** Bytes that do not compress. */
final class Payload {

  private Payload() {}

  static ByteBuffer of(int bytes) {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return ByteBuffer.allocateDirect(bytes).put(content).flip();
  }
}
