package dev.farshore.log.file;

import dev.farshore.log.LogDamagedException;
import dev.farshore.log.SegmentLog.MendOutcome;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Proves that records which another site gave back are those that were written here, before they
 * are read in the place of lost ones: a run of them must begin where the record before it ends, and
 * end where the log itself says that the one behind it begins. Owned by the log's thread.
 */
final class Mending {

  private final RecordFinder finder;
  private final RecordView view = new RecordView();

  /** A run whose end is not proved yet, and where it ends. */
  private final Deque<ByteBuffer> run = new ArrayDeque<>();

  private long runBytes;
  private LogPosition runEnd = LogPosition.START;

  Mending(RecordFinder finder) {
    this.finder = finder;
  }

  /**
   * Takes the next record of a run, or the first of another one.
   *
   * @param last where the log ends
   */
  MendOutcome add(ByteBuffer record, LogPosition last) throws IOException {
    int length = record.remaining();
    boolean sound =
        view.wrap(record).verifyHeader() && view.encodedBytes() == length && view.verifyPayload();
    if (!sound
        || view.group() != finder.group()
        || view.lsn() < finder.segments().oldest().firstLsn()
        || view.lsn() > last.lsn()) {
      return MendOutcome.REFUSED;
    }
    if (run.isEmpty() || runEnd.lsn() != view.lsn() - 1) {
      forget();
      try {
        runEnd = new Positions(finder).at(view.lsn() - 1);
      } catch (LogDamagedException lostToo) {
        return MendOutcome.REFUSED;
      }
    }
    if (!continues(view, runEnd)) {
      return refuted(run.isEmpty());
    }
    if (runBytes + length > Mended.BYTES_MAX) {
      return refuted(false);
    }
    runEnd = view.end();
    runBytes += length;
    run.add(ByteBuffer.allocate(length).put(record.duplicate()).flip());
    return prove(last);
  }

  private static boolean continues(RecordView record, LogPosition before) {
    return record.lsn() == before.lsn() + 1
        && record.chainAfter(before.chain()).equals(record.chain())
        && record.epoch().compareTo(before.epoch()) >= 0;
  }

  private MendOutcome prove(LogPosition last) throws IOException {
    boolean proved;
    try {
      proved = isWhereTheLogGoesOn(last);
    } catch (LogDamagedException nextIsLostToo) {
      return MendOutcome.AWAITS_NEXT;
    }
    if (!proved) {
      return refuted(run.size() == 1);
    }
    long lsn = runEnd.lsn() - run.size();
    for (ByteBuffer record : run) {
      finder.mended().put(++lsn, record);
    }
    forget();
    return MendOutcome.MENDED;
  }

  /**
   * Of a run that leads elsewhere the first records may be right all the same, and nobody can tell
   * which: only one by itself is known to be another.
   */
  private MendOutcome refuted(boolean byItself) {
    forget();
    return byItself ? MendOutcome.FOREIGN : MendOutcome.REFUSED;
  }

  private boolean isWhereTheLogGoesOn(LogPosition last) throws IOException {
    if (runEnd.lsn() == last.lsn()) {
      return runEnd.equals(last);
    }
    long next = runEnd.lsn() + 1;
    LogPosition start = finder.segments().holding(next).start();
    if (start.lsn() == runEnd.lsn()) {
      return runEnd.equals(start);
    }
    try (FileCursor cursor = new FileCursor(finder, next, () -> next, closed -> {})) {
      ByteBuffer record = cursor.next();
      while (record == null) {
        finder.disk().await();
        record = cursor.next();
      }
      return continues(view.wrap(record), runEnd);
    }
  }

  /** Gives up what is not proved. */
  void forget() {
    run.clear();
    runBytes = 0;
  }
}
