package dev.farshore.log.group;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Memory for the records of one fold; reused from fold to fold. */
final class RecordArena {
  private static final int FIRST_SLAB_BYTES = 64 << 10;
  private static final int SLAB_BYTES_MAX = 8 << 20;

  private final List<ByteBuffer> slabs = new ArrayList<>();
  private final long keptBytesMax;
  private int current;

  /**
   * @param keptBytesMax memory to keep between folds
   */
  RecordArena(long keptBytesMax) {
    this.keptBytesMax = keptBytesMax;
  }

  /** Copies a record, from position to limit; the copy is good until {@link #clear}. */
  ByteBuffer copy(ByteBuffer record) {
    int length = record.remaining();
    while (current < slabs.size() && slabs.get(current).remaining() < length) {
      current++;
    }
    if (current == slabs.size()) {
      int doubled = Math.min(SLAB_BYTES_MAX, FIRST_SLAB_BYTES << Math.min(7, slabs.size()));
      slabs.add(ByteBuffer.allocate(Math.max(doubled, length)));
    }
    ByteBuffer slab = slabs.get(current);
    ByteBuffer copy = slab.slice(slab.position(), length);
    slab.put(record.duplicate());
    return copy;
  }

  /** Forgets all records. */
  void clear() {
    long kept = 0;
    current = 0;
    List<ByteBuffer> old = new ArrayList<>(slabs);
    slabs.clear();
    for (ByteBuffer slab : old) {
      kept += slab.capacity();
      if (kept <= keptBytesMax) {
        slabs.add(slab.clear());
      }
    }
  }
}
