package dev.farshore.log.file;

import dev.farshore.log.disk.Awaited;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Finds epoch and chain at an LSN. Blocks where they are not in memory. */
final class Positions {

  private final RecordFinder finder;

  Positions(RecordFinder finder) {
    this.finder = finder;
  }

  /**
   * @param lsn of a record in the log, or of the one before its first
   * @throws dev.farshore.log.LogDamagedException if the record is not what was written
   */
  LogPosition at(long lsn) throws IOException {
    SegmentList segments = finder.segments();
    return lsn == segments.oldest().start().lsn() ? segments.oldest().start() : record(lsn).end();
  }

  /** The last position at or before {@code lsn} that is the end of an append. */
  LogPosition appendEnd(long lsn) throws IOException {
    LogPosition start = finder.segments().oldest().start();
    for (long at = lsn; at > start.lsn(); at--) {
      RecordView record = record(at);
      if (record.lastOfAppend()) {
        return record.end();
      }
    }
    return start;
  }

  /** Looks at a record; only what its head says may be asked. */
  private RecordView record(long lsn) throws IOException {
    Optional<ByteBuffer> mended = finder.mended().at(lsn);
    if (mended.isPresent()) {
      return new RecordView().wrap(mended.get());
    }
    SegmentList segments = finder.segments();
    Segment segment = segments.holding(lsn);
    Awaited known = new Awaited();
    finder.learn(segment, known);
    known.join(finder.disk());
    int offset = finder.offset(segment, lsn);
    Optional<Window> window = finder.inMemory(lsn);
    if (window.isPresent()) {
      int at = window.get().positionOf(offset);
      int left = window.get().used() - at;
      return new RecordView().wrap(window.get().bytes().slice(at, left));
    }
    Awaited read = new Awaited();
    HeadRead head = new HeadRead(finder.file(segment), segment, offset, lsn, finder.group(), read);
    head.start();
    read.join(finder.disk());
    return head.view();
  }
}
