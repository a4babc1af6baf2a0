package dev.farshore.log.file;

import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordFormat;
import dev.farshore.log.record.RecordView;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads the batches of one segment, in order, from bytes that it is fed; asks for the bytes it
 * needs next. Where a batch or record is not what it should be it says so, and looks further on for
 * the next batch of the segment. No I/O of its own.
 */
final class SegmentParser {

  /** What is found, in the order of the file. Offsets are those in the file. */
  interface Visitor {

    /** A batch that belongs to the segment; its records follow. */
    void batch(int offset, BatchHeader header);

    /** A record that verifies and continues what came before it. */
    void record(int offset, RecordView record);

    /**
     * Here should be the record {@code lsn} (or, at the end of what was written, nothing: then this
     * is told only if there is something behind it). The next record visited is a later one.
     */
    void gap(int offset, long lsn, String reason);

    /** Here was once the header of a batch of this segment. */
    default void trace(int offset) {}

    /**
     * Here should be the record {@code lsn}, or nothing, but it cannot be read. The next record
     * visited is a later one.
     */
    void unreadable(int offset, long lsn);
  }

  /** How closely records are looked at. */
  enum Depth {
    /** Header and table of each record, and its LSN. */
    HEADERS,
    /** All bytes, and the chain. */
    EVERYTHING
  }

  private enum State {
    AT_BATCH,
    IN_BATCH,
    SEARCHING,
    FINISHED
  }

  private static final int SECTOR_BYTES = 512;

  private final Segment segment;
  private final long group;
  private final Depth depth;
  private final int fileEnd;
  private final long lastLsn;
  private final Visitor visitor;
  private final RecordView view = new RecordView();

  private State state = State.AT_BATCH;
  private int position = SegmentSlot.DATA_START;
  private int wanted = BatchHeader.BYTES;

  /** Behind the last batch that was believed. */
  private int end = SegmentSlot.DATA_START;

  /** LSN of the last record seen or given up. */
  private long lsn;

  /** Epoch and chain at {@code lsn}; empty if that record was given up, or nothing is known yet. */
  private Optional<LogPosition> reached;

  private boolean lsnKnown;

  /** Whether the bytes where a batch should begin could not be read. */
  private boolean endUnreadable;

  private int batchEnd;
  private long batchLast;

  /**
   * @param from where the segment begins, if that is known
   * @param lastLsn where to stop; {@code Long.MAX_VALUE} to go to the end of the file
   */
  SegmentParser(
      Segment segment,
      long group,
      Depth depth,
      int fileEnd,
      Optional<LogPosition> from,
      long lastLsn,
      Visitor visitor) {
    this.segment = segment;
    this.group = group;
    this.depth = depth;
    this.fileEnd = fileEnd;
    this.reached = from;
    this.lsnKnown = from.isPresent();
    this.lsn = from.map(LogPosition::lsn).orElse(0L);
    this.lastLsn = lastLsn;
    this.visitor = visitor;
    moveTo(position);
    finishIfBeyond();
  }

  boolean isFinished() {
    return state == State.FINISHED;
  }

  /** Where the log has come; empty if nothing was found, or the last record was given up. */
  Optional<LogPosition> reached() {
    return reached;
  }

  /** Byte offset behind the last batch that was believed. */
  int end() {
    return end;
  }

  /** Byte offset in the file of the bytes that are needed next. */
  int wantedOffset() {
    return position;
  }

  /** How many bytes are needed to get on; the more one gives, the less often one is asked. */
  int wantedBytes() {
    return wanted;
  }

  /**
   * Takes bytes of the file.
   *
   * @param bytes little-endian, those at {@link #wantedOffset}, from position to limit; at least
   *     {@link #wantedBytes}
   */
  void feed(ByteBuffer bytes) {
    ByteBuffer window = bytes.slice().order(bytes.order());
    int base = position;
    boolean goesOn = true;
    // A search may begin before the bytes that were fed last.
    while (goesOn && state != State.FINISHED && position >= base) {
      int at = position - base;
      goesOn =
          switch (state) {
            case AT_BATCH -> enterBatch(window, at);
            case IN_BATCH -> nextRecord(window, at);
            case SEARCHING -> search(window, at);
            case FINISHED -> false;
          };
    }
  }

  /** Says that the wanted bytes cannot be read. */
  void unreadable() {
    switch (state) {
      case AT_BATCH -> {
        endUnreadable = true;
        noBatchHere();
      }
      case IN_BATCH -> {
        visitor.unreadable(position, lsn + 1);
        leaveBatch();
      }
      case SEARCHING -> moveTo((position / SECTOR_BYTES + 1) * SECTOR_BYTES);
      case FINISHED -> throw new IllegalStateException("nothing was wanted");
    }
  }

  private boolean has(ByteBuffer window, int at, int bytes) {
    wanted = bytes;
    return at + bytes <= window.limit();
  }

  private boolean enterBatch(ByteBuffer window, int at) {
    if (!has(window, at, BatchHeader.BYTES)) {
      return false;
    }
    Optional<BatchHeader> header = own(BatchHeader.decode(window, at));
    if (header.isPresent() && continues(header.get())) {
      begin(header.get());
    } else {
      noBatchHere();
    }
    return true;
  }

  private Optional<BatchHeader> own(Optional<BatchHeader> header) {
    return header.filter(
        found ->
            found.number() == segment.number()
                && found.salt() == segment.salt()
                && found.recordBytes() <= fileEnd - position - BatchHeader.BYTES);
  }

  private boolean continues(BatchHeader header) {
    if (!lsnKnown) {
      return true;
    }
    return header.before().lsn() == lsn && reached.map(header.before()::equals).orElse(true);
  }

  /** Tries the start of the next page, where a batch after a force begins, and then everywhere. */
  private void noBatchHere() {
    int page = BatchHeader.pageAligned(end);
    if (position < page && page + BatchHeader.BYTES <= fileEnd) {
      moveTo(page);
    } else {
      state = State.SEARCHING;
      moveTo(BatchHeader.aligned(end));
    }
  }

  /** Goes on looking for a batch at {@code offset}, if there is room for one. */
  private void moveTo(int offset) {
    position = offset;
    wanted = BatchHeader.BYTES;
    if (offset + BatchHeader.BYTES > fileEnd) {
      state = State.FINISHED;
      if (endUnreadable) {
        visitor.unreadable(end, lsn + 1);
      }
    }
  }

  private boolean search(ByteBuffer window, int at) {
    int last = window.limit() - BatchHeader.BYTES;
    for (int i = at; i <= last; i += BatchHeader.ALIGNMENT) {
      if (BatchHeader.isLikely(window, i) || BatchHeader.isTrace(window, i, segment)) {
        position += i - at;
        found(window, i);
        return true;
      }
    }
    int searched = at <= last ? (last - at) / BatchHeader.ALIGNMENT + 1 : 0;
    moveTo(position + searched * BatchHeader.ALIGNMENT);
    return false;
  }

  private void found(ByteBuffer window, int at) {
    Optional<BatchHeader> any = BatchHeader.decode(window, at);
    Optional<BatchHeader> header = own(any);
    if (header.isPresent() && (!lsnKnown || header.get().before().lsn() >= lsn)) {
      resumeAt(header.get());
      return;
    }
    if (any.isEmpty() && BatchHeader.isTrace(window, at, segment)) {
      visitor.trace(position);
    }
    moveTo(position + BatchHeader.ALIGNMENT);
  }

  private void resumeAt(BatchHeader header) {
    if (!continues(header)) {
      tellEnd();
    }
    begin(header);
  }

  private void tellEnd() {
    if (endUnreadable) {
      visitor.unreadable(end, lsn + 1);
    } else {
      visitor.gap(end, lsn + 1, "no valid batch");
    }
  }

  private void begin(BatchHeader header) {
    endUnreadable = false;
    visitor.batch(position, header);
    position += BatchHeader.BYTES;
    batchEnd = position + header.recordBytes();
    lsn = header.before().lsn();
    batchLast = lsn + header.count();
    lsnKnown = true;
    reached = Optional.of(header.before());
    state = State.IN_BATCH;
  }

  private boolean nextRecord(ByteBuffer window, int at) {
    if (lsn == batchLast) {
      nextBatchFrom(batchEnd);
      return true;
    }
    int left = batchEnd - position;
    if (left < RecordFormat.HEADER_BYTES) {
      giveUpBatch("a batch is too short for its records");
      return true;
    }
    if (!has(window, at, RecordFormat.HEADER_BYTES)) {
      return false;
    }
    int length = view.wrap(window.slice(at, window.limit() - at)).encodedBytes();
    if (length == 0 || length > left) {
      giveUpBatch("a record has no possible length");
      return true;
    }
    int needed = depth == Depth.EVERYTHING ? length : Math.min(length, longestHead(length));
    if (!has(window, at, needed)) {
      return false;
    }
    if (isAsItShouldBe()) {
      visitor.record(position, view);
      position += length;
      reached = Optional.of(view.end());
      lsn++;
      finishIfBeyond();
    } else {
      giveUpBatch("a record is not what was written");
    }
    return true;
  }

  /** Header and table of a record of this length take no more than this. */
  static int longestHead(int length) {
    return RecordFormat.HEADER_BYTES + Integer.BYTES * (length / RecordFormat.BLOCK_BYTES + 2);
  }

  private boolean isAsItShouldBe() {
    boolean everything = depth == Depth.EVERYTHING;
    return (everything ? view.verifyHeader() && view.verifyPayload() : view.verifyTable())
        && view.lsn() == lsn + 1
        && view.group() == group
        && (!everything || view.chainAfter(reached.orElseThrow().chain()).equals(view.chain()));
  }

  private void giveUpBatch(String reason) {
    visitor.gap(position, lsn + 1, reason);
    leaveBatch();
  }

  private void leaveBatch() {
    lsn = batchLast;
    reached = Optional.empty();
    nextBatchFrom(batchEnd);
    finishIfBeyond();
  }

  private void nextBatchFrom(int offset) {
    end = offset;
    state = State.AT_BATCH;
    moveTo(BatchHeader.aligned(offset));
  }

  private void finishIfBeyond() {
    if (lsnKnown && lsn >= lastLsn) {
      end = Math.max(end, state == State.IN_BATCH ? batchEnd : end);
      state = State.FINISHED;
    }
  }
}
