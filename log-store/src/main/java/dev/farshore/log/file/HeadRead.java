package dev.farshore.log.file;

import dev.farshore.log.LogDamagedException;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.DiskFile;
import dev.farshore.log.record.RecordFormat;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads header and table of one record, and whatever of its payload comes along, and verifies that
 * it is the record that was asked for. If what comes along cannot be read, it is left out. Used
 * once.
 */
final class HeadRead implements Completion {

  /** Enough for a record of one to three blocks. */
  private static final int FIRST_BYTES = 16 << 10;

  private final DiskFile file;
  private final Segment segment;
  private final int offset;
  private final long lsn;
  private final long group;
  private final Completion whenDone;
  private final RecordView view = new RecordView();
  private int left;
  private boolean careful;
  private ByteBuffer bytes = ByteBuffer.allocate(0);

  /**
   * @param whenDone told once; fails with {@link LogDamagedException} if the record is not there
   */
  HeadRead(DiskFile file, Segment segment, int offset, long lsn, long group, Completion whenDone) {
    this.file = file;
    this.segment = segment;
    this.offset = offset;
    this.lsn = lsn;
    this.group = group;
    this.whenDone = whenDone;
  }

  void start() throws IOException {
    left = (int) Math.min(segment.end(), file.size()) - offset;
    read(Math.min(FIRST_BYTES, left));
  }

  /** The record, with verified head; the payload need not be there, nor be verified. */
  RecordView view() {
    return view;
  }

  /** The bytes of the record that were read. */
  ByteBuffer bytes() {
    return bytes;
  }

  private void read(int length) {
    if (length < RecordFormat.HEADER_BYTES) {
      damaged("the segment ends before it");
      return;
    }
    bytes = ByteBuffer.allocate(length);
    file.read(offset, bytes, this);
  }

  @Override
  public void done() {
    int length = view.wrap(bytes).encodedBytes();
    if (length == 0 || length > left) {
      damaged("it has no possible length");
      return;
    }
    int head = SegmentParser.longestHead(length);
    if (Math.min(head, length) > bytes.capacity()) {
      read(Math.min(head, length));
    } else if (!view.verifyTable() || view.lsn() != lsn || view.group() != group) {
      damaged("its header is not what was written");
    } else {
      whenDone.done();
    }
  }

  @Override
  public void failed(IOException cause) {
    if (!careful && bytes.capacity() > RecordFormat.HEADER_BYTES) {
      careful = true;
      read(RecordFormat.HEADER_BYTES);
      return;
    }
    whenDone.failed(damage(segment, offset, lsn, "unreadable: " + cause.getMessage(), cause));
  }

  private void damaged(String reason) {
    whenDone.failed(new LogDamagedException(segment.number(), offset, lsn, reason));
  }

  static LogDamagedException damage(
      Segment segment, int offset, long lsn, String reason, IOException cause) {
    LogDamagedException damage = new LogDamagedException(segment.number(), offset, lsn, reason);
    damage.initCause(cause);
    return damage;
  }
}
