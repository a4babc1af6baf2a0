package dev.farshore.agent.mirror.stream;

import dev.farshore.link.risk.BurstLoss;
import dev.farshore.link.risk.OpenRisk;
import dev.farshore.link.session.LinkSender;
import dev.farshore.link.session.LinkStatistics;
import dev.farshore.log.LogCursor;
import dev.farshore.log.LogDamagedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Carries the tail of a log over a link session, base images first if the mirror needs them, and
 * turns the link's offsets into LSNs. Owned by the group's thread.
 */
public final class MirrorSender implements AutoCloseable {
  private static final int RECORDS_PER_POLL = 4096;

  /** When a record that could not be read is looked at again. */
  private static final long AGAIN_NANOS = 1_000_000_000L;

  private final LinkSender link;
  private final FrameWriter frames;
  private final LogCursor cursor;
  private final LsnOffsets offsets;
  private final int coverageLevel;
  private Optional<FillSender> fill;
  private long recordInFlight;
  private long queuedLsn;
  private Optional<Long> lostLsn = Optional.empty();
  private long againNanos;

  /**
   * @param cursor at the first record to send; closed with the sender
   * @param coverageLevel level of {@link LinkSender#coveredOffset} that {@link #coveredLsn} follows
   * @param fill the images to send before any record
   */
  public MirrorSender(
      LogCursor cursor, LinkSender link, int coverageLevel, Optional<FillSender.Source> fill) {
    this.link = link;
    this.frames = new FrameWriter(link);
    this.cursor = cursor;
    this.offsets = new LsnOffsets(cursor.lsn());
    this.coverageLevel = coverageLevel;
    this.fill = fill.map(source -> new FillSender(source, frames));
    this.queuedLsn = cursor.lsn() - 1;
  }

  /**
   * Offers and sends what the window, the pacing and the port allow.
   *
   * @return whether more could be done at once
   */
  public boolean poll(long nowNanos) throws IOException {
    boolean more = false;
    if (lostLsn.isEmpty() || nowNanos - againNanos >= 0) {
      try {
        more = pump();
        lostLsn = lostLsn.filter(lsn -> cursor.lsn() <= lsn);
      } catch (LogDamagedException damage) {
        lostLsn = Optional.of(cursor.lsn());
        againNanos = nowNanos + AGAIN_NANOS;
      }
    }
    link.poll(nowNanos);
    offsets.forget(Math.min(sentLsn(), coveredLsn()));
    return more && link.writableBytes() > 0;
  }

  private boolean pump() throws IOException {
    for (int i = 0; i < RECORDS_PER_POLL; i++) {
      if (!frames.idle() && !finishFrame()) {
        return false;
      }
      if (fill.isPresent()) {
        if (fill.get().poll()) {
          fill = Optional.empty();
        } else if (frames.idle()) {
          return false;
        }
      } else if (!beginRecord()) {
        return false;
      }
    }
    return true;
  }

  private boolean finishFrame() {
    long end = frames.pump();
    if (end < 0) {
      return false;
    }
    if (recordInFlight != 0) {
      offsets.add(recordInFlight, end);
      queuedLsn = recordInFlight;
      recordInFlight = 0;
    }
    return true;
  }

  private boolean beginRecord() throws IOException {
    long lsn = cursor.lsn();
    ByteBuffer record = cursor.next();
    if (record == null) {
      return false;
    }
    frames.record(record);
    recordInFlight = lsn;
    return true;
  }

  /** The record that comes next and cannot be read; it is tried again. */
  public Optional<Long> lostLsn() {
    return lostLsn;
  }

  /** LSN up to which records have been handed to the wire. */
  public long sentLsn() {
    return offsets.lsnAt(link.sentOffset());
  }

  /** LSN up to which records are covered at this sender's level. */
  public long coveredLsn() {
    return offsets.lsnAt(link.coveredOffset(coverageLevel));
  }

  /** What would become of records that are covered at this sender's level if the site died now. */
  public Optional<OpenRisk> openRisk() {
    long covered = offsets.endAt(link.coveredOffset(coverageLevel));
    LinkStatistics seen = link.statistics();
    return BurstLoss.measured(seen.measuredPackets(), seen.lostPackets(), seen.meanBurst())
        .map(loss -> new OpenRisk(link.tail(), loss, covered));
  }

  /** LSN of the last record that is wholly in the link's stream. */
  public long queuedLsn() {
    return queuedLsn;
  }

  /** The fill that is under way; empty before its end frame and when there was none. */
  public Optional<FillSender> fill() {
    return fill;
  }

  public LinkSender link() {
    return link;
  }

  @Override
  public void close() {
    cursor.close();
  }
}
