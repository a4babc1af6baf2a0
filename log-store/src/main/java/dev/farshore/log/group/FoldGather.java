package dev.farshore.log.group;

import dev.farshore.log.LogCursor;
import dev.farshore.log.LogDamagedException;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads whole appends from the log into a batch, a bounded number of bytes at a time. Records that
 * the log has in memory stay there and are looked at there; others are copied. A batch ends before
 * what the log has lost to its disk.
 */
final class FoldGather {
  private static final int STEP_BYTES = 1 << 20;
  private static final int STEP_RECORDS = 256;

  /** Where a gathering stands. */
  enum State {
    /** More can be read at once. */
    MORE,
    /** The log is reading from disk. */
    WAITING,
    /** The batch has what it gets. */
    COMPLETE
  }

  private final SegmentLog log;
  private final RecordArena arena;
  private final RecordView view = new RecordView();
  private final List<ByteBuffer> append = new ArrayList<>();

  /** What keeps records of the batch where they lie in the log's memory. */
  private final List<LogCursor.Hold> holds = new ArrayList<>();

  private LogCursor cursor;
  private int copiedBytes;

  /** Whether the cursor begins behind a record that it has not seen, and so proves no chain. */
  private boolean unproved;

  FoldGather(SegmentLog log, RecordArena arena) {
    this.log = log;
    this.arena = arena;
  }

  /** Begins a batch. */
  void begin(FoldBatch batch) {
    release();
    if (cursor == null || cursor.lsn() != batch.to().lsn() + 1) {
      close();
      cursor = log.cursor(batch.to().lsn() + 1);
      unproved = true;
    }
  }

  /**
   * @param limit the append that holds it is the last one that is read
   * @param toLimit whether to go on to the limit even if the batch is full
   * @throws LogDamagedException if the first record of the batch, or one of those up to the limit
   *     that it must hold, is not what was written
   */
  State step(FoldBatch batch, long limit, boolean toLimit) throws IOException {
    try {
      return read(batch, limit, toLimit);
    } catch (LogDamagedException damage) {
      append.clear();
      if (batch.empty() || toLimit) {
        throw damage;
      }
      return State.COMPLETE;
    }
  }

  private State read(FoldBatch batch, long limit, boolean toLimit) throws IOException {
    copiedBytes = 0;
    for (int records = 0; records < STEP_RECORDS && copiedBytes < STEP_BYTES; records++) {
      if (append.isEmpty() && (cursor.lsn() > limit || (batch.full() && !toLimit))) {
        return State.COMPLETE;
      }
      ByteBuffer record = next(batch);
      if (record == null) {
        return State.WAITING;
      }
      append.add(record);
      if (view.wrap(record).lastOfAppend()) {
        boolean taken = batch.add(append);
        append.clear();
        if (!taken) {
          return State.COMPLETE;
        }
      }
    }
    return State.MORE;
  }

  private ByteBuffer next(FoldBatch batch) throws IOException {
    long lsn = cursor.lsn();
    ByteBuffer record = cursor.next();
    if (record == null) {
      return null;
    }
    if (unproved && !continues(batch, record)) {
      throw new LogDamagedException(0, 0, lsn, "it does not continue the chain before it");
    }
    unproved = false;
    return kept(record);
  }

  /** Whether a record continues what the batch holds so far. */
  private boolean continues(FoldBatch batch, ByteBuffer record) {
    LogPosition before = append.isEmpty() ? batch.to() : view.wrap(append.getLast()).end();
    view.wrap(record);
    return view.lsn() == before.lsn() + 1
        && view.chainAfter(before.chain()).equals(view.chain())
        && view.epoch().compareTo(before.epoch()) >= 0;
  }

  private ByteBuffer kept(ByteBuffer record) {
    Optional<LogCursor.Hold> hold = cursor.hold();
    if (hold.isEmpty()) {
      copiedBytes += record.remaining();
      return arena.copy(record);
    }
    holds.add(hold.get());
    return record;
  }

  /** Nobody looks at the batch any more. */
  void release() {
    holds.forEach(LogCursor.Hold::release);
    holds.clear();
    append.clear();
    arena.clear();
  }

  /** Ends reading. The batch stays where it is: the disk may have parts of it still. */
  void close() {
    if (cursor != null) {
      cursor.close();
      cursor = null;
    }
  }
}
