package dev.farshore.link.model;

import java.nio.ByteBuffer;

/** What a path did to the payload of one arrival. */
public sealed interface Damage {

  None NONE = new None();

  /** Arrives as it was sent. */
  record None() implements Damage {}

  /**
   * One bit is the other way round.
   *
   * @param bit number of the bit from the start of the payload; bit 0 is the lowest of byte 0
   */
  record FlippedBit(int bit) implements Damage {}

  /**
   * A run of bytes is noise.
   *
   * @param first index of the first noisy byte
   * @param bytes length of the run, at least 1
   * @param noise what is exclusive-ored onto the run, 8 bytes at a time, lowest first; not 0
   */
  record Garbled(int first, int bytes, long noise) implements Damage {}

  /**
   * The end is missing.
   *
   * @param bytes how many bytes are left, less than were sent
   */
  record Truncated(int bytes) implements Damage {}

  default boolean isNone() {
    return this instanceof None;
  }

  /**
   * Does the damage in place.
   *
   * @param payload position to limit is the payload as it was sent; its limit falls if the end is
   *     cut off
   */
  default void applyTo(ByteBuffer payload) {
    int start = payload.position();
    switch (this) {
      case None none -> {}
      case FlippedBit flipped -> {
        int at = start + flipped.bit() / Byte.SIZE;
        payload.put(at, (byte) (payload.get(at) ^ 1 << flipped.bit() % Byte.SIZE));
      }
      case Garbled garbled -> {
        for (int i = 0; i < garbled.bytes(); i++) {
          int at = start + garbled.first() + i;
          byte noise = (byte) (garbled.noise() >>> i % Long.BYTES * Byte.SIZE);
          payload.put(at, (byte) (payload.get(at) ^ noise));
        }
      }
      case Truncated truncated -> payload.limit(start + truncated.bytes());
    }
  }
}
