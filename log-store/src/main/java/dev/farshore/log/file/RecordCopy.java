package dev.farshore.log.file;

import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Copies records, as they are, from a log to a tail. */
final class RecordCopy {

  private static final int DRAIN_BYTES = 8 << 20;

  private RecordCopy() {}

  /**
   * Copies the records {@code from} to {@code to}; none if {@code to} is smaller. They are durable
   * when the tail is drained. Blocks.
   */
  static void into(Tail tail, RecordFinder source, long from, long to) throws IOException {
    if (from > to) {
      return;
    }
    RecordView view = new RecordView();
    int undrained = 0;
    try (FileCursor cursor = new FileCursor(source, from, () -> to, closed -> {})) {
      while (cursor.lsn() <= to) {
        ByteBuffer record = cursor.next();
        if (record == null) {
          source.disk().await();
          continue;
        }
        tail.staging().append(view.wrap(record), record);
        undrained += record.remaining();
        if (undrained >= DRAIN_BYTES) {
          tail.drain();
          undrained = 0;
        }
      }
    }
  }
}
