package dev.farshore.log.file;

import dev.farshore.log.LogCursor;
import dev.farshore.log.RecoveryReport;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskFullException;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordEncoder;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A log in segment files of its own, as this package's description says; fit to hold the last copy
 * of someone's data. One owner thread, the same as that of its disk; {@link #poll} polls the disk
 * too. Closing the log does not close the disk.
 *
 * <p>When the disk is full, appends that would need another segment fail with {@link
 * DiskFullException}, and the log goes on when there is room again. Any other failed write or force
 * poisons it for good: it must be closed and opened again, and then trusts nothing that it cannot
 * prove to have been forced.
 */
public final class FileSegmentLog implements SegmentLog {

  private final Disk disk;
  private final LogSettings settings;
  private final long entropy;
  private final SegmentSupply supply;
  private final SegmentList segments;
  private final RecordFinder finder;
  private final Mending mending;
  private final Freeing freeing;
  private final RecoveryReport recovery;
  private final RecordView incoming = new RecordView();
  private final List<FileCursor> cursors = new ArrayList<>();
  private Tail tail;
  private long earlierBytes;
  private boolean closed;

  private FileSegmentLog(
      Disk disk, LogSettings settings, long entropy, Recovery.Recovered recovered) {
    this.disk = disk;
    this.settings = settings;
    this.entropy = entropy;
    this.supply = recovered.supply();
    this.segments = recovered.segments();
    this.recovery = recovered.report();
    this.finder = new RecordFinder(disk, settings, segments);
    this.mending = new Mending(finder);
    this.freeing = new Freeing(segments, supply);
    goOnIn(recovered.tail());
    earlierBytes = -tail.staging().encodedBytes();
  }

  private void goOnIn(Tail next) {
    tail = next;
    finder.look(next.staging());
  }

  /** Whether there are files of a log of this name. */
  public static boolean exists(Disk disk, String name) throws IOException {
    return disk.list().stream()
        .anyMatch(file -> SegmentFileName.fileNumber(name, file).isPresent());
  }

  /**
   * Begins a log. Durable when it returns; a crash before that may leave files, of which {@link
   * #open} says that there is no log. Blocks.
   *
   * @param start where the log stands; its first record will be the next
   * @param entropy unguessable, and different at each call
   * @throws FileAlreadyExistsException if there is a log of this name
   */
  public static FileSegmentLog create(
      Disk disk, LogSettings settings, LogPosition start, long entropy) throws IOException {
    return new FileSegmentLog(
        disk, settings, entropy, Recovery.create(disk, settings, start, entropy));
  }

  /**
   * Opens a log, after whatever happened to it. Blocks.
   *
   * @param entropy unguessable, and different at each call
   * @throws java.io.FileNotFoundException if there is no log of this name
   * @throws dev.farshore.log.LogDamagedException if it does not hold what it says had been forced;
   *     nothing has been changed then
   */
  public static FileSegmentLog open(Disk disk, LogSettings settings, long entropy)
      throws IOException {
    return new FileSegmentLog(disk, settings, entropy, Recovery.run(disk, settings, entropy));
  }

  @Override
  public long append(List<Change> changes, Epoch epoch, long wallMillis) throws IOException {
    requireOpen();
    requireSound();
    if (changes.isEmpty()) {
      throw new IllegalArgumentException("an append of nothing");
    }
    Staging staging = tail.staging();
    if (staging.appendEnd() != staging.last().lsn()) {
      throw new IllegalStateException("an append from another site has not arrived whole");
    }
    if (epoch.compareTo(staging.last().epoch()) < 0) {
      throw new IllegalArgumentException(
          "epoch " + epoch + " is lower than " + staging.last().epoch());
    }
    if (isFull()) {
      requireRoom(changes);
    }
    staging.append(changes, epoch, wallMillis);
    return staging.last().lsn();
  }

  private boolean isFull() {
    return supply.full().isPresent() || tail.writer().full().isPresent();
  }

  /** On a full disk, only what finds room in segments that are there already is staged. */
  private void requireRoom(List<Change> changes) throws DiskFullException {
    long bytes = BatchHeader.BYTES;
    for (Change change : changes) {
      bytes += RecordEncoder.encodedBytes(change);
    }
    boolean fits =
        tail.writer().full().isEmpty()
            && (bytes <= tail.staging().roomInSegment()
                || (supply.isNextReady()
                    && bytes <= settings.segmentBytes() - SegmentSlot.DATA_START));
    if (!fits) {
      throw supply.full().or(tail.writer()::full).orElseThrow();
    }
  }

  @Override
  public ReplicaOutcome appendReplica(ByteBuffer record) {
    requireOpen();
    if (failure().isPresent()) {
      return ReplicaOutcome.FAILED;
    }
    LogPosition last = tail.staging().last();
    incoming.wrap(record);
    if (!incoming.verifyHeader()
        || incoming.encodedBytes() != record.remaining()
        || incoming.group() != settings.group()
        || !incoming.verifyPayload()) {
      return ReplicaOutcome.CORRUPT;
    }
    if (incoming.lsn() < last.lsn()) {
      return ReplicaOutcome.DUPLICATE;
    }
    if (incoming.lsn() == last.lsn()) {
      return incoming.end().equals(last) ? ReplicaOutcome.DUPLICATE : ReplicaOutcome.DIVERGED;
    }
    if (incoming.lsn() > last.lsn() + 1) {
      return ReplicaOutcome.GAP;
    }
    if (!incoming.chainAfter(last.chain()).equals(incoming.chain())) {
      return ReplicaOutcome.DIVERGED;
    }
    boolean between = tail.staging().appendEnd() == last.lsn();
    if (incoming.firstOfAppend() != between || incoming.epoch().compareTo(last.epoch()) < 0) {
      return ReplicaOutcome.CORRUPT;
    }
    tail.staging().append(incoming, record);
    return ReplicaOutcome.APPENDED;
  }

  @Override
  public MendOutcome mend(ByteBuffer record) throws IOException {
    requireOpen();
    return mending.add(record, last());
  }

  @Override
  public boolean poll(long nowNanos) {
    disk.poll(nowNanos);
    if (closed || failure().isPresent()) {
      return false;
    }
    boolean more = tail.poll(nowNanos);
    if (failure().isEmpty()) {
      // A log that failed in the middle of something is left on disk as it is.
      freeing.retire(tail.writer());
      finder.mended().forgetBefore(first());
    }
    return more;
  }

  @Override
  public long nextDeadlineNanos() {
    return closed || failure().isPresent() ? Long.MAX_VALUE : tail.nextDeadlineNanos();
  }

  @Override
  public void requestForce() {
    tail.writer().want(tail.staging().last().lsn());
  }

  @Override
  public LogPosition last() {
    return tail.staging().last();
  }

  @Override
  public long appended() {
    return tail.writer().appended();
  }

  @Override
  public long forced() {
    return tail.writer().forced();
  }

  @Override
  public long first() {
    return segments.oldest().firstLsn();
  }

  @Override
  public Optional<LogPosition> positionAt(long lsn) throws IOException {
    requireOpen();
    if (lsn < first() - 1 || lsn > appended()) {
      return Optional.empty();
    }
    return Optional.of(lsn == last().lsn() ? last() : new Positions(finder).at(lsn));
  }

  @Override
  public void read(
      long lsn, int volume, int payloadOffset, ByteBuffer target, Completion completion) {
    requireOpen();
    new PayloadRead(finder, lsn, volume, payloadOffset, target, completion).start();
  }

  @Override
  public LogCursor cursor(long fromLsn) {
    requireOpen();
    if (fromLsn < first() || fromLsn > last().lsn() + 1) {
      throw new IllegalArgumentException(
          "no lsn " + fromLsn + " between " + first() + " and " + (last().lsn() + 1));
    }
    FileCursor cursor = new FileCursor(finder, fromLsn, this::appended, cursors::remove);
    cursors.add(cursor);
    return cursor;
  }

  @Override
  public void free(long lsn) {
    freeing.free(lsn);
  }

  @Override
  public void freeingSoon(boolean soon) {
    supply.freeingSoon(soon);
  }

  @Override
  public long retainedBytes() {
    return freeing.retainedBytes();
  }

  @Override
  public long stagedBytes() {
    return tail.staging().encodedBytes() - tail.writer().writtenBytes();
  }

  @Override
  public long encodedBytes() {
    return earlierBytes + tail.staging().encodedBytes();
  }

  @Override
  public LogPosition cut(long lsn, String asideName) throws IOException {
    requireOpen();
    requireSound();
    if (lsn < first() - 1) {
      throw new IllegalArgumentException("lsn " + lsn + " is before the log");
    }
    tail.drain();
    long whole = tail.staging().appendEnd();
    if (lsn >= whole && whole == last().lsn()) {
      return last();
    }
    tail.settle();
    LogPosition end = new Positions(finder).appendEnd(Math.min(lsn, whole));
    if (end.lsn() < whole) {
      Aside.keep(disk, settings.named(asideName), entropy, finder, end, whole);
    }
    try {
      endAt(end);
    } catch (IOException e) {
      tail.writer().poison(e);
      throw e;
    }
    return end;
  }

  /** Has the log go on in a fresh segment after {@code end}; what is behind it is gone then. */
  private void endAt(LogPosition end) throws IOException {
    supply.dropAhead();
    earlierBytes += tail.staging().encodedBytes();
    List<Segment> replaced = segments.removeBehind(end.lsn());
    segments.all().forEach(segment -> segment.endAt(end.lsn()));
    mending.forget();
    finder.mended().forgetAfter(end.lsn());
    cursors.forEach(cursor -> cursor.cutAfter(end.lsn()));
    goOnIn(Tail.begin(supply, segments, end, 0));
    tail.commit();
    if (segments.size() > 1) {
      tail.succeed(segments.beforeNewest());
    }
    replaced.forEach(supply::retire);
  }

  @Override
  public Optional<IOException> failure() {
    return tail.writer().failure();
  }

  @Override
  public void poison(IOException cause) {
    tail.writer().poison(cause);
  }

  @Override
  public RecoveryReport recovery() {
    return recovery;
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    Optional<IOException> unclean = markClean();
    supply.stop();
    tail.settle();
    supply.close();
    for (Segment segment : segments.all()) {
      segment.close();
    }
    if (unclean.isPresent()) {
      throw unclean.get();
    }
  }

  /** Says on disk that the log was closed; gives what went wrong, if it did not know before. */
  private Optional<IOException> markClean() {
    if (failure().isEmpty()) {
      try {
        tail.drain();
        markIfThereIsRoom();
      } catch (IOException e) {
        return Optional.of(e);
      }
    }
    return Optional.empty();
  }

  private void markIfThereIsRoom() throws IOException {
    try {
      tail.markClean();
    } catch (DiskFullException unmarked) {
      // Everything is durable without the mark; the next opening only has to look more closely.
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the log is closed");
    }
  }

  private void requireSound() throws IOException {
    Optional<IOException> failure = failure();
    if (failure.isPresent()) {
      throw new IOException("the log is poisoned: " + failure.get().getMessage(), failure.get());
    }
  }
}
