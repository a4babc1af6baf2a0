package dev.farshore.log.file;

import dev.farshore.log.disk.AllOf;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings what is staged to the disk: one write at a time, and one force at a time, which all who
 * ask meanwhile wait for together with the next. Owned by the log's thread.
 *
 * <p>The segment before the one being written may still be unforced, those before it may not: so a
 * recovery never has more than two segments to write again.
 *
 * <p>A write that finds the disk full is tried again later, at the same place; nothing that was
 * acknowledged depends on it. Any other failure is final.
 */
final class TailWriter {

  private static final int WRITES_PER_POLL = 8;
  private static final long RETRY_NANOS = 200_000_000;

  /** How long the log is quiet after a force before a batch says so. */
  private static final long MARK_NANOS = 50_000_000;

  private final Disk disk;
  private final long group;
  private final Staging staging;
  private final List<Segment> unforced = new ArrayList<>();
  private Segment serving;

  private long written;
  private long writtenBytes;
  private long appended;
  private long durable;
  private long forced;
  private long wanted;
  private boolean writing;
  private boolean forcing;
  private Optional<DiskFullException> full = Optional.empty();
  private Optional<IOException> failure = Optional.empty();
  private long nowNanos;
  private long retryNanos;
  private long markNanos;

  /**
   * @param serving the segment that staging fills; everything before its start is forced
   */
  TailWriter(Disk disk, long group, Staging staging, Segment serving) {
    this.disk = disk;
    this.group = group;
    this.staging = staging;
    this.serving = serving;
    written = serving.start().lsn();
    appended = written;
    durable = written;
    forced = written;
    staging.forcedIs(forced);
  }

  /** Encoded bytes of all records written so far. */
  long writtenBytes() {
    return writtenBytes;
  }

  long appended() {
    return appended;
  }

  /** LSN up to which every record is durable; always the end of an append. */
  long forced() {
    return forced;
  }

  /** LSN up to which every record is durable, those of an unfinished append too. */
  long durable() {
    return durable;
  }

  Optional<IOException> failure() {
    return failure;
  }

  /** Says that the log can no longer be relied on. */
  void poison(IOException cause) {
    if (failure.isEmpty()) {
      failure = Optional.of(cause);
    }
  }

  /** Why what is staged cannot be written for now. */
  Optional<DiskFullException> full() {
    return full;
  }

  /** Asks for everything up to {@code lsn} to be forced. */
  void want(long lsn) {
    wanted = Math.max(wanted, lsn);
  }

  /** Whether nothing is staged, under way or asked for. */
  boolean isIdle() {
    return !writing
        && !forcing
        && !staging.hasOpenBatch()
        && staging.unwritten().isEmpty()
        && wanted <= durable;
  }

  /** Writes and forces what there is; true if there is more to write at once. */
  boolean poll(long now) {
    nowNanos = now;
    if (failure.isPresent()) {
      return false;
    }
    markIfQuiet();
    boolean more = write();
    force();
    return more;
  }

  long nextDeadlineNanos() {
    if (failure.isPresent()) {
      return Long.MAX_VALUE;
    }
    if (full.isPresent() && !writing) {
      return retryNanos;
    }
    return wantsMark() ? markNanos : Long.MAX_VALUE;
  }

  private boolean write() {
    staging.endBatch();
    for (int i = 0; i < WRITES_PER_POLL; i++) {
      Optional<Window> window = staging.unwritten();
      if (window.isEmpty() || !mayWrite(window.get().segment())) {
        return false;
      }
      if (window.get().segment() == serving) {
        submit(window.get());
      } else {
        leave(window.get().segment());
      }
    }
    return staging.unwritten().isPresent();
  }

  private boolean mayWrite(Segment segment) {
    if (writing || failure.isPresent() || (full.isPresent() && nowNanos < retryNanos)) {
      return false;
    }
    return segment == serving || (segment.isReady() && durable >= serving.start().lsn());
  }

  /**
   * Says in the last slot of the segment served so far that the log goes on in the next one. The
   * force that makes anything there durable covers this too.
   */
  private void leave(Segment next) {
    Segment left = serving;
    ByteBuffer slot = ByteBuffer.allocate(SegmentSlot.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    SegmentSlot.inService(SegmentSlot.State.CONTINUED, left, group, forced).encode(slot, 0);
    writing = true;
    left.use();
    try {
      left.file(disk)
          .write(
              SegmentSlot.LAST,
              slot,
              new Completion() {
                @Override
                public void done() {
                  writing = false;
                  left.release();
                  needsForce(left);
                  full = Optional.empty();
                  serving = next;
                  // The segment left behind is to be forced soon, whether anybody asks or not.
                  want(next.start().lsn());
                }

                @Override
                public void failed(IOException cause) {
                  writing = false;
                  left.release();
                  writeFailed(cause);
                }
              });
    } catch (IOException e) {
      writing = false;
      left.release();
      poison(e);
    }
  }

  private void submit(Window window) {
    Segment segment = window.segment();
    int from = window.submitted();
    long lsn = window.closedLsn();
    long appendEnd = window.closedAppendEnd();
    long encodedBytes = window.closedEncodedBytes();
    writing = true;
    window.use();
    segment.use();
    try {
      segment
          .file(disk)
          .write(
              window.fileOffset(from),
              window.takeUnwritten(),
              new Completion() {
                @Override
                public void done() {
                  writing = false;
                  window.release();
                  segment.release();
                  if (failure.isEmpty()) {
                    needsForce(segment);
                    written = lsn;
                    appended = appendEnd;
                    writtenBytes = encodedBytes;
                    full = Optional.empty();
                  }
                }

                @Override
                public void failed(IOException cause) {
                  writing = false;
                  window.release();
                  segment.release();
                  window.unsubmit(from);
                  writeFailed(cause);
                }
              });
    } catch (IOException e) {
      writing = false;
      window.release();
      segment.release();
      poison(e);
    }
  }

  /**
   * From its completion on a write is what the next force is for; one before it does not cover it.
   */
  private void needsForce(Segment segment) {
    if (!segment.isUnforced()) {
      segment.setUnforced(true);
      unforced.add(segment);
    }
  }

  private void writeFailed(IOException cause) {
    if (cause instanceof DiskFullException noRoom) {
      full = Optional.of(noRoom);
      retryNanos = nowNanos + RETRY_NANOS;
    } else {
      poison(cause);
    }
  }

  private void force() {
    if (forcing || failure.isPresent() || wanted <= durable || written <= durable) {
      return;
    }
    long lsn = written;
    long appendEnd = appended;
    List<Segment> targets = List.copyOf(unforced);
    unforced.clear();
    forcing = true;
    staging.startPage();
    AllOf all = new AllOf(new Forced(targets, lsn, appendEnd));
    for (Segment segment : targets) {
      segment.setUnforced(false);
      segment.use();
      Completion one = all.one();
      try {
        segment.file(disk).force(one);
      } catch (IOException e) {
        one.failed(e);
      }
    }
    all.submitted();
  }

  private final class Forced implements Completion {
    private final List<Segment> segments;
    private final long lsn;
    private final long appendEnd;

    Forced(List<Segment> segments, long lsn, long appendEnd) {
      this.segments = segments;
      this.lsn = lsn;
      this.appendEnd = appendEnd;
    }

    @Override
    public void done() {
      forcing = false;
      segments.forEach(Segment::release);
      if (failure.isEmpty()) {
        durable = lsn;
        forced = appendEnd;
        staging.forcedIs(forced);
        markNanos = nowNanos + MARK_NANOS;
      }
    }

    @Override
    public void failed(IOException cause) {
      forcing = false;
      segments.forEach(Segment::release);
      poison(cause);
    }
  }

  private boolean wantsMark() {
    return staging.statedForced() < forced && isIdle();
  }

  private void markIfQuiet() {
    if (nowNanos >= markNanos && wantsMark() && !staging.mark(false)) {
      // No room: the next segment will say it.
      markNanos = Long.MAX_VALUE;
    }
  }

  /** The segment that was written to last. */
  Segment serving() {
    return serving;
  }

  boolean isWriting() {
    return writing;
  }

  boolean isForcing() {
    return forcing;
  }

  @Override
  public String toString() {
    return "written "
        + written
        + ", durable "
        + durable
        + ", wanted "
        + wanted
        + ", writing "
        + writing
        + ", forcing "
        + forcing
        + ", open batch "
        + staging.hasOpenBatch()
        + ", unwritten "
        + staging.unwritten().isPresent()
        + ", serving "
        + serving.number();
  }
}
