package dev.farshore.link.session;

import dev.farshore.link.code.Symbol;
import java.nio.ByteBuffer;

/** The latest {@code capacity} bytes of a stream, by their offsets. Owned by one thread. */
final class StreamRing {

  private final byte[] bytes;

  StreamRing(int capacity) {
    this.bytes = new byte[capacity];
  }

  int capacity() {
    return bytes.length;
  }

  /** Stores what remains of {@code source}, at most the capacity, and leaves it empty. */
  void put(long offset, ByteBuffer source) {
    int at = index(offset);
    int head = Math.min(source.remaining(), bytes.length - at);
    source.get(bytes, at, head);
    source.get(bytes, 0, source.remaining());
  }

  void put(long offset, byte[] source, int from, int length) {
    int at = index(offset);
    int head = Math.min(length, bytes.length - at);
    System.arraycopy(source, from, bytes, at, head);
    System.arraycopy(source, from + head, bytes, 0, length - head);
  }

  void copy(long offset, byte[] target, int to, int length) {
    int at = index(offset);
    int head = Math.min(length, bytes.length - at);
    System.arraycopy(bytes, at, target, to, head);
    System.arraycopy(bytes, 0, target, to + head, length - head);
  }

  void xor(long offset, byte[] target, int to, int length) {
    int at = index(offset);
    int head = Math.min(length, bytes.length - at);
    Symbol.xor(target, to, bytes, at, head);
    Symbol.xor(target, to + head, bytes, 0, length - head);
  }

  int check(Symbol.Checker checker, long sequence, long offset, int length) {
    int at = index(offset);
    int head = Math.min(length, bytes.length - at);
    return checker.check(sequence, bytes, at, head, 0, length - head);
  }

  /** A view of the bytes from {@code offset} on, at most {@code length} and not beyond the seam. */
  ByteBuffer view(long offset, int length) {
    int at = index(offset);
    return ByteBuffer.wrap(bytes, at, Math.min(length, bytes.length - at))
        .slice()
        .asReadOnlyBuffer();
  }

  private int index(long offset) {
    return (int) (offset % bytes.length);
  }
}
