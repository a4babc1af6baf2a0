package dev.farshore.log.file;

import dev.farshore.log.LogCursor;
import dev.farshore.log.LogDamagedException;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.DiskFile;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordFormat;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Reads records in order: from memory where they are there, else from the segments, a block ahead.
 * Every record that comes from a file is verified whole, and that it continues the chain of the one
 * read before it. Owned by the log's thread.
 */
final class FileCursor implements LogCursor {

  /** Several of the longest records that are common, so that each is read once only. */
  private static final int BLOCK_BYTES = 4 << 20;

  private final RecordFinder finder;
  private final LongSupplier limit;
  private final Consumer<FileCursor> whenClosed;
  private final RecordView view = new RecordView();
  private long lsn;
  private Segment standing;
  private Optional<Window> looking = Optional.empty();
  private Optional<LogPosition> previous = Optional.empty();
  private Optional<IOException> failure = Optional.empty();

  /** Bytes of the segment {@code held}, from {@code heldFrom} on. */
  private ByteBuffer block = ByteBuffer.allocate(0);

  private Segment held;
  private int heldFrom;
  private int heldBytes;

  /** Records behind this may have been written after the block was read. */
  private long heldLimit;

  /** A record that is read without what is behind it, which cannot be read. */
  private long carefulLsn;

  private boolean reading;
  private boolean closed;
  private boolean overtaken;

  /**
   * @param lsn a record that is in the log, or the one after its last
   * @param limit LSN up to which records may be given out
   * @param whenClosed told once
   */
  FileCursor(RecordFinder finder, long lsn, LongSupplier limit, Consumer<FileCursor> whenClosed) {
    this.finder = finder;
    this.lsn = lsn;
    this.limit = limit;
    this.whenClosed = whenClosed;
    SegmentList segments = finder.segments();
    standing = lsn > segments.newest().lastLsn() ? segments.newest() : segments.holding(lsn);
    standing.use();
    held = standing;
  }

  @Override
  public long lsn() {
    return lsn;
  }

  /** Says that the log was cut: a cursor that has read beyond that cannot go on. */
  void cutAfter(long end) {
    overtaken |= lsn > end + 1;
  }

  @Override
  public ByteBuffer next() throws IOException {
    if (closed || overtaken) {
      throw new IllegalStateException(
          closed ? "the cursor is closed" : "the log was cut before lsn " + lsn);
    }
    lookAway();
    if (reading || lsn > limit.getAsLong()) {
      return null;
    }
    Optional<IOException> failed = failure;
    failure = Optional.empty();
    stepTo(finder.segments().holding(lsn));
    Optional<ByteBuffer> mended = finder.mended().at(lsn);
    if (mended.isPresent()) {
      view.wrap(mended.get());
      return given();
    }
    if (failed.isPresent()) {
      throw failed.get();
    }
    Optional<Window> window = finder.inMemory(lsn);
    return window.isPresent() ? fromMemory(window.get()) : fromSegment();
  }

  private void stepTo(Segment segment) {
    if (segment != standing) {
      segment.use();
      standing.release();
      standing = segment;
    }
  }

  @Override
  public Optional<Hold> hold() {
    looking.ifPresent(Window::use);
    return looking.map(window -> window);
  }

  private void lookAway() {
    looking.ifPresent(Window::release);
    looking = Optional.empty();
  }

  private ByteBuffer fromMemory(Window window) throws LogDamagedException {
    window.use();
    looking = Optional.of(window);
    int at = window.positionOf(finder.offset(standing, lsn));
    view.wrap(window.bytes().slice(at, window.used() - at));
    return given();
  }

  private ByteBuffer given() {
    previous = Optional.of(view.end());
    lsn++;
    return view.encoded();
  }

  private ByteBuffer fromSegment() throws IOException {
    if (finder.mustLearn(standing)) {
      reading = true;
      finder.learn(standing, new Step(0, 0));
      return null;
    }
    int offset = finder.offset(standing, lsn);
    int needed = RecordFormat.HEADER_BYTES;
    if (holds(offset, needed)) {
      view.wrap(block.slice(offset - heldFrom, heldFrom + heldBytes - offset));
      needed = view.encodedBytes();
      if (needed == 0) {
        throw damage(offset, "it has no possible length");
      }
    }
    if (holds(offset, needed)) {
      verify(offset);
      return given();
    }
    read(offset, needed);
    return null;
  }

  private boolean holds(int offset, int bytes) {
    return held == standing
        && lsn <= heldLimit
        && offset >= heldFrom
        && offset + bytes <= heldFrom + heldBytes;
  }

  private void verify(int offset) throws LogDamagedException {
    if (!view.verifyHeader() || !view.verifyPayload()) {
      throw damage(offset, "it is not what was written");
    }
    if (view.lsn() != lsn || view.group() != finder.group()) {
      throw damage(offset, "another record is in its place: lsn " + view.lsn());
    }
    if (previous.isPresent() && !view.chainAfter(previous.get().chain()).equals(view.chain())) {
      throw damage(offset, "it does not continue the chain");
    }
  }

  /** Also forgets the block, so that the next try reads anew. */
  private LogDamagedException damage(int offset, String reason) {
    heldBytes = 0;
    return new LogDamagedException(standing.number(), offset, lsn, reason);
  }

  private void read(int offset, int needed) throws IOException {
    DiskFile file = finder.file(standing);
    int left = (int) Math.min(standing.end(), file.size()) - offset;
    if (needed > left) {
      throw damage(offset, "the segment ends before it does");
    }
    int length = lsn == carefulLsn ? needed : Math.min(left, Math.max(needed, BLOCK_BYTES));
    if (block.capacity() < length) {
      block = ByteBuffer.allocateDirect(Math.max(length, BLOCK_BYTES));
    }
    held = standing;
    heldFrom = offset;
    heldBytes = 0;
    heldLimit = limit.getAsLong();
    reading = true;
    file.read(offset, block.clear().limit(length), new Step(offset, length));
  }

  /** A read, or the search for records in a segment. */
  private final class Step implements Completion {
    private final int offset;
    private final int length;

    Step(int offset, int length) {
      this.offset = offset;
      this.length = length;
    }

    @Override
    public void done() {
      reading = false;
      heldBytes = length;
      block.clear();
      releaseIfClosed();
    }

    @Override
    public void failed(IOException cause) {
      reading = false;
      if (length > 0 && lsn != carefulLsn) {
        carefulLsn = lsn;
        releaseIfClosed();
        return;
      }
      failure =
          Optional.of(
              HeadRead.damage(standing, offset, lsn, "unreadable: " + cause.getMessage(), cause));
      releaseIfClosed();
    }
  }

  private void releaseIfClosed() {
    if (closed) {
      standing.release();
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      lookAway();
      if (!reading) {
        standing.release();
      }
      whenClosed.accept(this);
    }
  }
}
