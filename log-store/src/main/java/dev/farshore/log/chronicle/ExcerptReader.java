package dev.farshore.log.chronicle;

import dev.farshore.log.LogDamagedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.core.io.IORuntimeException;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Reads excerpts by their place. Owned by the log's thread.
 *
 * <p>A tailer that goes to another cycle maps that cycle's file anew, which takes 0.1 ms, so one is
 * kept for each of the cycles read last.
 */
final class ExcerptReader implements AutoCloseable {

  /**
   * An excerpt where it lies in mapped memory; valid until the reader is used again.
   *
   * @param offset byte offset in the cycle's file
   */
  record Excerpt(ByteBuffer bytes, long offset) {}

  private static final int TAILERS = 8;

  private final CycleQueue queue;
  private final LinkedHashMap<Integer, ExcerptTailer> tailers =
      new LinkedHashMap<>(16, 0.75f, true);

  ExcerptReader(CycleQueue queue) {
    this.queue = queue;
  }

  /**
   * The excerpt {@code sequence} of a cycle.
   *
   * @return empty if the cycle ends before it, or does not exist
   */
  Optional<Excerpt> read(int cycle, long sequence) throws IOException {
    long index = CycleQueue.index(cycle, sequence);
    ExcerptTailer tailer = tailer(cycle);
    try {
      if (tailer.index() != index && !tailer.moveToIndex(index)) {
        return Optional.empty();
      }
      try (DocumentContext context = tailer.readingDocument()) {
        if (!context.isPresent() || context.index() != index) {
          return Optional.empty();
        }
        return Optional.of(excerpt(cycle, context.wire().bytes()));
      }
    } catch (IORuntimeException | IllegalStateException | IllegalArgumentException e) {
      throw damaged(cycle, 0, e.toString(), e);
    }
  }

  private static Excerpt excerpt(int cycle, Bytes<?> bytes) throws LogDamagedException {
    long offset = bytes.readPosition();
    long length = bytes.readRemaining();
    long address = bytes.addressForRead(offset);
    // A length that rotted at rest must not lead outside of the mapping.
    if (length > CycleQueue.BLOCK_BYTES || !bytes.bytesStore().inside(offset, length)) {
      throw damaged(cycle, offset, "an excerpt of " + length + " bytes", null);
    }
    return new Excerpt(CycleQueue.memory(address, (int) length), offset);
  }

  private static LogDamagedException damaged(
      int cycle, long offset, String reason, RuntimeException cause) {
    LogDamagedException damaged = new LogDamagedException(cycle, offset, 0, reason);
    if (cause != null) {
      damaged.initCause(cause);
    }
    return damaged;
  }

  private ExcerptTailer tailer(int cycle) {
    ExcerptTailer tailer = tailers.get(cycle);
    if (tailer == null) {
      tailer = queue.tailer();
      tailers.put(cycle, tailer);
      if (tailers.size() > TAILERS) {
        Map.Entry<Integer, ExcerptTailer> eldest = tailers.firstEntry();
        tailers.remove(eldest.getKey());
        eldest.getValue().close();
      }
    }
    return tailer;
  }

  /** Gives up what is held of a cycle that is about to be deleted. */
  void forget(int cycle) {
    ExcerptTailer tailer = tailers.remove(cycle);
    if (tailer != null) {
      tailer.close();
    }
  }

  @Override
  public void close() {
    tailers.values().forEach(ExcerptTailer::close);
    tailers.clear();
  }
}
