package dev.farshore.log.chronicle;

import dev.farshore.log.LogCursor;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Owned by the log's thread. */
final class ChronicleCursor implements LogCursor {

  private static final int SMALLEST_BUFFER_BYTES = 8 << 10;

  private final ChronicleSegmentLog log;
  private final RecordView view = new RecordView();
  private ByteBuffer buffer = ByteBuffer.allocate(SMALLEST_BUFFER_BYTES);
  private long lsn;
  private boolean lost;

  ChronicleCursor(ChronicleSegmentLog log, long fromLsn) {
    this.log = log;
    this.lsn = fromLsn;
  }

  @Override
  public long lsn() {
    return lsn;
  }

  @Override
  public ByteBuffer next() throws IOException {
    if (lost) {
      throw new IllegalStateException("the log was cut before " + lsn);
    }
    if (lsn > log.appended()) {
      return null;
    }
    ByteBuffer record = log.generation().record(lsn, view);
    if (!view.verifyPayload()) {
      throw log.generation().damaged(lsn, "the payload is not what was written");
    }
    // A copy, because a free or a cut unmaps the file that the record lies in.
    if (buffer.capacity() < record.remaining()) {
      buffer = ByteBuffer.allocate(Math.max(record.remaining(), 2 * buffer.capacity()));
    }
    buffer.clear().put(record).flip();
    lsn++;
    return buffer;
  }

  /** Notes that the log ends after {@code end} now. */
  void cutAfter(long end) {
    lost |= lsn > end + 1;
  }

  @Override
  public void close() {
    log.closed(this);
  }
}
