package dev.farshore.log.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory for windows, outside the heap, so that it is written without another copy. Keeps some for
 * reuse. Owned by the log's thread.
 */
final class WindowPool {

  private final int smallest;
  private final List<ByteBuffer> free = new ArrayList<>();
  private long freeBytes;

  WindowPool(int smallest) {
    this.smallest = smallest;
  }

  /** A buffer of at least {@code bytes}, little-endian, with arbitrary contents. */
  ByteBuffer take(int bytes) {
    int most = 2 * Math.max(smallest, bytes);
    int best = -1;
    for (int i = 0; i < free.size(); i++) {
      int capacity = free.get(i).capacity();
      if (capacity >= bytes
          && capacity <= most
          && (best < 0 || capacity < free.get(best).capacity())) {
        best = i;
      }
    }
    if (best >= 0) {
      ByteBuffer found = free.remove(best);
      freeBytes -= found.capacity();
      return found.clear();
    }
    int capacity = Math.max(smallest, bytes);
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * @param most bytes that may be kept for reuse, this buffer among them
   */
  void giveBack(ByteBuffer buffer, long most) {
    if (freeBytes + buffer.capacity() <= most) {
      free.add(buffer);
      freeBytes += buffer.capacity();
    }
  }
}
