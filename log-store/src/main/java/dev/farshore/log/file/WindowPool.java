package dev.farshore.log.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory for windows, outside the heap, so that it is written without another copy. Keeps buffers
 * of up to {@code keptBytes} together for reuse. Owned by the log's thread.
 */
final class WindowPool {

  private final int smallest;
  private final long keptBytes;
  private final List<ByteBuffer> free = new ArrayList<>();
  private long freeBytes;

  WindowPool(int smallest, long keptBytes) {
    this.smallest = smallest;
    this.keptBytes = keptBytes;
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

  void giveBack(ByteBuffer buffer) {
    if (freeBytes + buffer.capacity() <= keptBytes) {
      free.add(buffer);
      freeBytes += buffer.capacity();
    }
  }
}
