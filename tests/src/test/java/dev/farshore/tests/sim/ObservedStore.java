package dev.farshore.tests.sim;

import dev.farshore.log.SegmentLog;
import dev.farshore.log.SegmentLog.ReplicaOutcome;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.group.Extent;
import dev.farshore.log.group.FoldProgress;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.group.ImageReplacement;
import dev.farshore.log.group.ImageSource;
import dev.farshore.log.group.PinnedView;
import dev.farshore.log.group.VolumeInfo;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * A store between the product and the oracle: everything goes to the real store, and what changes
 * it is told to the oracle too.
 */
final class ObservedStore implements GroupStore {

  private final GroupStore store;
  private final StoreOracle oracle;
  private final BiConsumer<Change, LogPosition> appendListener;
  private final Consumer<LogPosition> replicaListener;
  private final LongConsumer cutListener;
  private long lastPinnedLsn;
  private long lastAppendBytes;

  /**
   * @param appendListener told of every record that this site appends as leader
   * @param replicaListener told of every record that this site took from the other
   * @param cutListener told before a cut, and where it will be
   */
  ObservedStore(
      GroupStore store,
      StoreOracle oracle,
      BiConsumer<Change, LogPosition> appendListener,
      Consumer<LogPosition> replicaListener,
      LongConsumer cutListener) {
    this.store = store;
    this.oracle = oracle;
    this.appendListener = appendListener;
    this.replicaListener = replicaListener;
    this.cutListener = cutListener;
  }

  @Override
  public SegmentLog log() {
    return store.log();
  }

  @Override
  public long append(List<Change> changes, Epoch epoch, long wallMillis) throws IOException {
    if (changes.size() != 1) {
      throw new IllegalStateException("an append of " + changes.size() + " changes");
    }
    LogEntry staged = LogEntry.of(store.log().last(), changes.getFirst(), true);
    long before = store.log().encodedBytes();
    long lsn = store.append(changes, epoch, wallMillis);
    lastAppendBytes = store.log().encodedBytes() - before;
    LogPosition position = store.log().last();
    if (position.lsn() != lsn || !position.epoch().equals(epoch)) {
      throw new Violation("L2: an append in " + epoch + " gave " + lsn + ", the log " + position);
    }
    oracle.appends(new LogEntry(position, staged.change(), true));
    appendListener.accept(staged.change(), position);
    return lsn;
  }

  @Override
  public ReplicaOutcome appendReplica(ByteBuffer record) {
    RecordView view = new RecordView().wrap(record);
    LogEntry entry =
        view.verifyHeader() ? LogEntry.of(view.end(), view.change(), view.lastOfAppend()) : null;
    ReplicaOutcome outcome = store.appendReplica(record);
    switch (outcome) {
      case APPENDED -> {
        oracle.replicates(entry);
        replicaListener.accept(entry.position());
      }
      case DUPLICATE, FAILED -> {}
      case GAP, DIVERGED, CORRUPT ->
          throw new Violation(
              "K6: a session brought a record that is " + outcome + " after " + log().last());
    }
    return outcome;
  }

  @Override
  public LogPosition cut(long lsn, String asideName) throws IOException {
    cutListener.accept(lsn);
    oracle.cutBegins(lsn);
    try {
      LogPosition end = store.cut(lsn, asideName);
      oracle.cutEnds(end);
      return end;
    } catch (IOException e) {
      if (store.failure().isPresent()) {
        oracle.cutEnds(log().last());
      }
      throw e;
    }
  }

  @Override
  public ImageReplacement receiveImages(LogPosition at, List<VolumeInfo> volumes)
      throws IOException {
    ImageReplacement replacement = store.receiveImages(at, volumes);
    oracle.fillBegins(replacement.progress(), volumes);
    return new ObservedReplacement(replacement, at, oracle);
  }

  @Override
  public PinnedView pin() {
    PinnedView view = store.pin();
    lastPinnedLsn = view.lsn();
    return view;
  }

  /** Encoded size of what was appended last. */
  long lastAppendBytes() {
    return lastAppendBytes;
  }

  /** LSN of the view that was pinned last. */
  long lastPinnedLsn() {
    return lastPinnedLsn;
  }

  @Override
  public List<VolumeInfo> volumes() {
    return store.volumes();
  }

  @Override
  public Optional<VolumeInfo> volume(String name) {
    return store.volume(name);
  }

  @Override
  public boolean inDegradedSpan() {
    return store.inDegradedSpan();
  }

  @Override
  public int nextVolumeNumber() {
    return store.nextVolumeNumber();
  }

  @Override
  public void read(int volume, long offset, ByteBuffer target, Completion completion) {
    store.read(volume, offset, target, completion);
  }

  @Override
  public List<Extent> extents(int volume, long offset, long length, int limit) {
    return store.extents(volume, offset, length, limit);
  }

  @Override
  public boolean poll(long nowNanos) {
    return store.poll(nowNanos);
  }

  @Override
  public long nextDeadlineNanos() {
    return store.nextDeadlineNanos();
  }

  @Override
  public void allowFold(long lsn) {
    store.allowFold(lsn);
  }

  @Override
  public LogPosition folded() {
    return store.folded();
  }

  @Override
  public FoldProgress foldProgress() {
    return store.foldProgress();
  }

  @Override
  public SegmentLog.MendOutcome mend(ByteBuffer record) throws IOException {
    RecordView view = new RecordView().wrap(record);
    LogEntry entry = LogEntry.of(view.end(), view.change(), view.lastOfAppend());
    SegmentLog.MendOutcome outcome = store.mend(record);
    if (outcome == SegmentLog.MendOutcome.MENDED) {
      oracle.mended(entry, store.folded());
    }
    return outcome;
  }

  @Override
  public void retainFrom(long lsn) {
    store.retainFrom(lsn);
  }

  @Override
  public ImageSource openImages() {
    return store.openImages();
  }

  @Override
  public Optional<IOException> failure() {
    return store.failure();
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
