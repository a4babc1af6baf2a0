package dev.farshore.log.group;

import dev.farshore.log.disk.Completion;
import dev.farshore.log.record.RecordFormat;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** Buffers in which neighbouring blocks are put together for one write; kept from fold to fold. */
final class WriteBuffers {
  private final int bytes;
  private final Deque<ByteBuffer> free = new ArrayDeque<>();

  /**
   * @param bytesMost longest single write that is wanted
   */
  WriteBuffers(long bytesMost) {
    long whole = Math.min(1 << 20, bytesMost) / RecordFormat.BLOCK_BYTES;
    this.bytes = Math.toIntExact(Math.max(1, whole) * RecordFormat.BLOCK_BYTES);
  }

  ByteBuffer take() {
    return free.isEmpty() ? ByteBuffer.allocateDirect(bytes) : free.pop();
  }

  /** Takes the buffer back once the write is done; after a failure the disk may still have it. */
  Completion returning(ByteBuffer buffer, Completion completion) {
    return new After(() -> free.push(buffer.clear()), completion);
  }
}
