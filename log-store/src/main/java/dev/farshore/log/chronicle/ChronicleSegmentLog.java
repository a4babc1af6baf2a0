package dev.farshore.log.chronicle;

import dev.farshore.log.LogCursor;
import dev.farshore.log.RecoveryReport;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A {@link SegmentLog} on Chronicle Queue; this package's description has its format and its
 * limits. Owned by the log's thread.
 *
 * <p>A record is written straight into the mapped file when it is staged; {@link #poll} declares it
 * appended.
 */
final class ChronicleSegmentLog implements SegmentLog {

  private final ChronicleSettings settings;
  private final LogDirectory directory;
  private final RecoveryReport recovery;
  private final RecordView view = new RecordView();
  private final RecordReads reads = new RecordReads();
  private final GroupForce force;
  private final List<ChronicleCursor> cursors = new ArrayList<>();

  private final StagedEnd end;

  private Generation generation;
  private long appended;
  private long freeBelow;
  private Optional<IOException> failure = Optional.empty();
  private boolean closed;

  /**
   * @param directory of the log; closed with this log
   * @param generation ends at the recovered position, and is forced
   */
  ChronicleSegmentLog(
      ChronicleSettings settings,
      LogDirectory directory,
      Generation generation,
      RecoveryReport recovery) {
    this.settings = settings;
    this.directory = directory;
    this.generation = generation;
    this.recovery = recovery;
    this.force = new GroupForce(recovery.position().lsn());
    this.end = new StagedEnd(settings);
    endsAt(recovery.position());
  }

  private void endsAt(LogPosition position) {
    end.is(position);
    appended = position.lsn();
    force.endsAt(appended);
  }

  @Override
  public long append(List<Change> changes, Epoch epoch, long wallMillis) throws IOException {
    requireSound();
    LogPosition last = end.last();
    if (!end.isWhole()) {
      throw new IllegalStateException(
          "lsn " + last.lsn() + " belongs to an append that has not arrived whole");
    }
    if (epoch.compareTo(last.epoch()) < 0) {
      throw new IllegalArgumentException("epoch " + epoch + " after " + last.epoch());
    }
    generation.requireRoom(StagedEnd.encodedBytes(changes));
    try {
      end.append(generation, changes, epoch, wallMillis, force.forced());
    } catch (IOException e) {
      throw poisoned(e);
    }
    return end.last().lsn();
  }

  @Override
  public ReplicaOutcome appendReplica(ByteBuffer record) {
    requireOpen();
    if (failure.isPresent()) {
      return ReplicaOutcome.FAILED;
    }
    view.wrap(record);
    if (!view.verifyHeader()
        || view.encodedBytes() != record.remaining()
        || !view.verifyPayload()
        || view.group() != settings.group()) {
      return ReplicaOutcome.CORRUPT;
    }
    LogPosition last = end.last();
    if (view.lsn() != last.lsn() + 1) {
      return view.lsn() <= last.lsn() ? ReplicaOutcome.DUPLICATE : ReplicaOutcome.GAP;
    }
    if (!view.chainAfter(last.chain()).equals(view.chain())
        || view.epoch().compareTo(last.epoch()) < 0
        || view.firstOfAppend() != end.isWhole()) {
      return ReplicaOutcome.DIVERGED;
    }
    try {
      generation.requireRoom(record.remaining());
      end.append(generation, view, record, force.forced());
    } catch (IOException e) {
      poison(e);
      return ReplicaOutcome.FAILED;
    }
    return ReplicaOutcome.APPENDED;
  }

  @Override
  public boolean poll(long nowNanos) {
    requireOpen();
    generation.disk().poll(nowNanos);
    force.failure().ifPresent(this::poison);
    if (failure.isPresent()) {
      return false;
    }
    publish();
    if (force.underWay()) {
      return false;
    }
    try {
      generation.releaseForced();
      boolean more = deleteFree();
      force.poll(generation, appended);
      return more;
    } catch (IOException e) {
      poison(e);
      return false;
    }
  }

  private void publish() {
    appended = end.lastWhole().lsn();
    end.written();
  }

  /**
   * Deletes the first segment if all of it is free and no cursor stands in it.
   *
   * @return whether it did
   */
  private boolean deleteFree() throws IOException {
    long limit = Math.min(freeBelow, appended + 1);
    for (ChronicleCursor cursor : cursors) {
      limit = Math.min(limit, cursor.lsn());
    }
    Segment oldest = generation.first();
    if (oldest.last() >= limit || oldest == generation.newest()) {
      return false;
    }
    generation.delete(oldest);
    return true;
  }

  @Override
  public long nextDeadlineNanos() {
    return Long.MAX_VALUE;
  }

  @Override
  public void requestForce() {
    force.request();
  }

  @Override
  public LogPosition last() {
    return end.last();
  }

  @Override
  public long appended() {
    return appended;
  }

  @Override
  public long forced() {
    return force.forced();
  }

  @Override
  public long first() {
    return generation.first().start().lsn() + 1;
  }

  @Override
  public Optional<LogPosition> positionAt(long lsn) throws IOException {
    requireOpen();
    LogPosition start = generation.first().start();
    if (lsn < start.lsn() || lsn > appended) {
      return Optional.empty();
    }
    if (lsn == start.lsn()) {
      return Optional.of(start);
    }
    return Optional.of(
        lsn == end.lastWhole().lsn() ? end.lastWhole() : reads.position(generation, lsn));
  }

  @Override
  public void read(
      long lsn, int volume, int payloadOffset, ByteBuffer target, Completion completion) {
    requireOpen();
    requireHere(lsn, end.last().lsn());
    try {
      reads.payload(generation, lsn, OptionalInt.of(volume), payloadOffset, target);
    } catch (IOException e) {
      completion.failed(e);
      return;
    }
    completion.done();
  }

  private void requireHere(long lsn, long highest) {
    if (lsn < first() || lsn > highest) {
      throw new IllegalArgumentException(
          "lsn "
              + lsn
              + " is not in the log, which is from "
              + first()
              + " to "
              + end.last().lsn());
    }
  }

  @Override
  public LogCursor cursor(long fromLsn) {
    requireOpen();
    requireHere(fromLsn, end.last().lsn() + 1);
    ChronicleCursor cursor = new ChronicleCursor(this, fromLsn);
    cursors.add(cursor);
    return cursor;
  }

  void closed(ChronicleCursor cursor) {
    cursors.remove(cursor);
  }

  Generation generation() {
    requireOpen();
    return generation;
  }

  @Override
  public void free(long lsn) {
    freeBelow = Math.max(freeBelow, lsn);
  }

  @Override
  public long retainedBytes() {
    return generation.bytesFrom(freeBelow);
  }

  @Override
  public long stagedBytes() {
    return end.stagedBytes();
  }

  @Override
  public long encodedBytes() {
    return end.encodedBytes();
  }

  @Override
  public LogPosition cut(long lsn, String asideName) throws IOException {
    requireSound();
    if (lsn < first() - 1) {
      throw new IllegalArgumentException("cut at " + lsn + ", and the log begins at " + first());
    }
    forceAll();
    LogPosition newEnd = reads.endOfAppend(generation, Math.min(lsn, appended));
    if (newEnd.equals(end.last())) {
      return newEnd;
    }
    try {
      if (newEnd.lsn() < appended) {
        directory.keepAside(generation, generation.segmentsFrom(newEnd.lsn() + 1), asideName);
      }
      redraft(newEnd);
    } catch (IOException e) {
      throw poisoned(e);
    }
    endsAt(newEnd);
    for (ChronicleCursor cursor : cursors) {
      cursor.cutAfter(newEnd.lsn());
    }
    return newEnd;
  }

  /** Whole segments up to the end are shared; the one that the end lies in is copied. */
  private void redraft(LogPosition newEnd) throws IOException {
    List<Segment> linked = new ArrayList<>();
    List<Segment> copied = new ArrayList<>();
    for (Segment segment : generation.segments()) {
      if (segment.last() <= newEnd.lsn() && !segment.isEmpty()) {
        linked.add(segment);
      } else if (segment.start().lsn() < newEnd.lsn() || linked.isEmpty() && copied.isEmpty()) {
        copied.add(segment);
      }
    }
    Home home = directory.home();
    int number = home.current().orElseThrow() + 1;
    Generation next =
        new Redraft(home, settings.group(), settings.wake())
            .run(generation, number, linked, copied, newEnd);
    generation.close();
    generation = next;
    home.sweep();
  }

  private void forceAll() throws IOException {
    publish();
    try {
      force.now(generation, appended);
    } catch (IOException e) {
      throw poisoned(e);
    }
  }

  @Override
  public Optional<IOException> failure() {
    return failure;
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
    try {
      if (failure.isEmpty()) {
        forceAll();
        seal();
      }
    } finally {
      closed = true;
      generation.close();
      directory.close();
    }
  }

  /** Marks the log as cleanly closed, unless it ends with an append that is not whole. */
  private void seal() throws IOException {
    if (generation.isSealed() || !end.isWhole()) {
      return;
    }
    if (generation.active().isEmpty()) {
      generation.beginNext(end.last(), force.forced());
    }
    generation.seal(end.last());
    generation.forceNow();
  }

  @Override
  public void poison(IOException cause) {
    if (failure.isEmpty()) {
      failure = Optional.of(cause);
      force.poison(cause);
    }
  }

  private IOException poisoned(IOException cause) {
    poison(cause);
    return refusal();
  }

  private void requireSound() throws IOException {
    requireOpen();
    if (failure.isPresent()) {
      throw refusal();
    }
  }

  private IOException refusal() {
    IOException cause = failure.orElseThrow();
    return new IOException("the log takes no more writes: " + cause.getMessage(), cause);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the log is closed");
    }
  }
}
