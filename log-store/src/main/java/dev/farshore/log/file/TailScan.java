package dev.farshore.log.file;

import dev.farshore.log.LogDamagedException;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskFile;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads the last segments of a log, in order, up to where belief ends; and beyond that only for
 * what later batches say about how far the log had been forced.
 */
final class TailScan implements SegmentParser.Visitor {

  private Segment segment;
  private long limit;
  private LogPosition position;
  private long appendEnd;
  private long forced;
  private boolean clean;
  private boolean stopped;
  private boolean unreadable;
  private long stopSegment;
  private int stopOffset;
  private String stopReason = "the log ends before what had been forced";
  private long tornBytes;
  private int tornFrom;
  private int believedEnd;

  /**
   * @param start where the first segment that is read begins
   * @param stated LSN up to which the slots say the log had been forced
   */
  TailScan(LogPosition start, long stated) {
    position = start;
    appendEnd = start.lsn();
    forced = stated;
  }

  /**
   * Reads the next segment. Blocks.
   *
   * @param next an empty one; gets the records that are found, as long as nothing is missing
   * @param last LSN of the last record that the log has in it, {@code Long.MAX_VALUE} if it is the
   *     log's last segment
   */
  void read(Disk disk, DiskFile file, Segment next, long group, long last) throws IOException {
    segment = next;
    limit = last;
    believedEnd = 0;
    tornFrom = SegmentSlot.DATA_START;
    if (!stopped && !next.start().equals(position)) {
      stop(SegmentSlot.DATA_START, "the segment does not begin where the one before it ends");
    }
    int end = Math.toIntExact(file.size());
    SegmentParser parser =
        new SegmentParser(
            next,
            group,
            SegmentParser.Depth.EVERYTHING,
            end,
            Optional.of(next.start()),
            last,
            this);
    SegmentRead.start(file, parser, end, SegmentRead.BLOCK_BYTES, () -> {});
    while (!parser.isFinished()) {
      disk.await();
    }
    boolean isLast = last == Long.MAX_VALUE;
    if (!stopped) {
      next.endsAtByte(parser.end());
      stopSegment = next.number();
      stopOffset = parser.end();
      if (!isLast && position.lsn() < last) {
        stop(parser.end(), "records are missing at the end of the segment");
      }
    }
    tornBytes += Math.max(0, believedEnd - (stopped ? tornFrom : parser.end()));
  }

  private void stop(int offset, String reason) {
    stopped = true;
    clean = false;
    stopSegment = segment.number();
    stopOffset = offset;
    stopReason = reason;
    tornFrom = offset;
    segment.endsAtByte(offset);
  }

  @Override
  public void batch(int offset, BatchHeader header) {
    // What was cut off later may have been forced, but that does not matter any more.
    forced = Math.max(forced, Math.min(header.forced(), limit));
    believedEnd = offset + BatchHeader.BYTES + header.recordBytes();
    if (!stopped) {
      clean = header.clean();
    }
  }

  @Override
  public void trace(int offset) {
    believedEnd = Math.max(believedEnd, offset + BatchHeader.BYTES);
  }

  @Override
  public void record(int offset, RecordView record) {
    if (!stopped) {
      segment.add(offset);
      position = record.end();
      if (record.lastOfAppend()) {
        appendEnd = position.lsn();
      }
    }
  }

  @Override
  public void gap(int offset, long lsn, String reason) {
    if (!stopped) {
      stop(offset, reason);
    }
  }

  /** What cannot be read may be what was written: it is never taken for a torn tail. */
  @Override
  public void unreadable(int offset, long lsn) {
    if (!stopped) {
      stop(offset, "it cannot be read");
      unreadable = true;
    }
  }

  /**
   * LSN up to which the log says that it had been forced.
   *
   * @throws LogDamagedException if it does not hold all of that, or its end cannot be read
   */
  long requireUndamaged() throws LogDamagedException {
    if (position.lsn() < forced || unreadable) {
      throw new LogDamagedException(
          stopSegment,
          stopOffset,
          position.lsn() + 1,
          stopReason + "; the log had been forced up to lsn " + forced);
    }
    if (appendEnd < forced) {
      throw new IllegalStateException(
          "forced up to lsn " + forced + ", which is no end of an append");
    }
    return forced;
  }

  /** LSN of the last record that is there. */
  long lastLsn() {
    return position.lsn();
  }

  /** LSN of the last record that ends an append. */
  long appendEnd() {
    return appendEnd;
  }

  /** Bytes behind the end that are part of batches which are not whole, or behind such. */
  long tornBytes() {
    return tornBytes;
  }

  /** Whether the last thing in the log says that it was closed cleanly. */
  boolean isClean() {
    return clean;
  }
}
