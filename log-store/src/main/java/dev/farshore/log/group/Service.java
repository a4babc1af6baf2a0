package dev.farshore.log.group;

import dev.farshore.log.SegmentLog;
import dev.farshore.log.disk.Awaited;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.group.VolumeReader.Volume;
import dev.farshore.log.image.SumsCache;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One generation of a group's log and images, in service: volumes that follow the log, readers that
 * look at them, and the fold between the two. Owned by the group's thread.
 */
final class Service {
  private final Disk disk;
  private final SuperblockFile superblock;
  private final Generation generation;
  private final SegmentLog log;
  private final VolumeTable volumes;
  private final ReplicaAppend arriving;
  private final Barrier reads = new Barrier();
  private final VolumeReader reader;
  private final Fold fold;
  private final ForceRequests forces;
  private final List<PinnedView> pins = new ArrayList<>();
  private final List<ImageSource> sources = new ArrayList<>();
  private final RecordView view = new RecordView();
  private Optional<IOException> lost = Optional.empty();
  private long appliedLsn;
  private long countedBytes;
  private long allowedLsn;
  private long retainedLsn;
  private long nowNanos;

  Service(
      Disk disk,
      SumsCache cache,
      SuperblockFile superblock,
      Generation generation,
      GroupStoreSettings settings,
      long nowNanos) {
    this.disk = disk;
    this.superblock = superblock;
    this.generation = generation;
    this.log = generation.log();
    this.volumes = generation.volumes();
    this.arriving = new ReplicaAppend(volumes);
    this.reader = new VolumeReader(log, generation.images(), reads);
    this.fold = new Fold(disk, cache, superblock, generation, reads, settings);
    this.forces = new ForceRequests(settings);
    this.appliedLsn = log.appended();
    this.countedBytes = log.encodedBytes();
    this.allowedLsn = generation.images().position().lsn();
    this.nowNanos = nowNanos;
  }

  Generation generation() {
    return generation;
  }

  Fold fold() {
    return fold;
  }

  /** Makes the volumes follow the log, and completes a fold that was interrupted. Blocks. */
  void recover() throws IOException {
    replay();
    superblock.now().intent().ifPresent(intent -> fold.complete(intent, nowNanos));
    finishFold();
  }

  private void replay() throws IOException {
    TailReplay tail = new TailReplay(disk, log, nowNanos);
    fold.cut(tail.into(volumes, generation.images().position().lsn()));
    countedBytes = log.encodedBytes();
    appliedLsn = log.last().lsn();
  }

  long append(List<Change> changes, Epoch epoch, long wallMillis) throws IOException {
    if (!arriving.empty()) {
      throw new IllegalStateException("an append of another site has arrived in part");
    }
    ChangeCheck check = new ChangeCheck(volumes);
    for (Change change : changes) {
      Optional<String> misfit = check.misfit(change);
      if (misfit.isPresent()) {
        throw new IllegalArgumentException(misfit.get());
      }
    }
    long last = log.append(changes, epoch, wallMillis);
    long lsn = last - changes.size();
    for (Change change : changes) {
      volumes.apply(++lsn, change);
    }
    applied(last);
    return last;
  }

  SegmentLog.ReplicaOutcome appendReplica(ByteBuffer record) {
    boolean next = view.wrap(record).verifyHeader() && view.lsn() == log.last().lsn() + 1;
    if (next && !arriving.fits(view)) {
      arriving.refuse();
      return SegmentLog.ReplicaOutcome.CORRUPT;
    }
    SegmentLog.ReplicaOutcome outcome = log.appendReplica(record);
    if (outcome == SegmentLog.ReplicaOutcome.APPENDED) {
      arriving.take(view.change());
      if (view.lastOfAppend()) {
        arriving.apply(view.lsn());
        applied(view.lsn());
      }
    } else if (next) {
      arriving.refuse();
    }
    return outcome;
  }

  private void applied(long lsn) {
    appliedLsn = lsn;
    long bytes = log.encodedBytes();
    fold.appended(bytes - countedBytes);
    countedBytes = bytes;
  }

  VolumeReader reader() {
    return reader;
  }

  /** A volume as it is now. */
  Volume present(int volume) {
    VolumeState state =
        volumes
            .find(volume)
            .orElseThrow(() -> new IllegalArgumentException("there is no volume " + volume));
    return new Volume(state.info(), state.bornLsn(), state.overlay());
  }

  PinnedView pin() {
    PinnedView pin = new PinnedView(appliedLsn, volumes, reader, pins::remove);
    pins.add(pin);
    if (lost.isPresent()) {
      pin.lose();
    }
    return pin;
  }

  void allowFold(long lsn) {
    allowedLsn = Math.max(allowedLsn, lsn);
  }

  SegmentLog.MendOutcome mend(ByteBuffer record) throws IOException {
    SegmentLog.MendOutcome outcome = log.mend(record);
    if (outcome == SegmentLog.MendOutcome.MENDED) {
      fold.mended(nowNanos);
    }
    return outcome;
  }

  void retainFrom(long lsn) {
    retainedLsn = lsn;
  }

  /** Runs the fold, and what makes it possible; true if it should be called again at once. */
  boolean poll(long now) {
    nowNanos = now;
    boolean more = fold.poll(now, foldLimit());
    forces.poll(log, now);
    long below = Math.min(retainedLsn, generation.images().position().lsn() + 1);
    if (below > log.first()) {
      log.free(below);
    }
    log.freeingSoon(fold.works(now) && retainedLsn > generation.images().position().lsn() + 1);
    return more;
  }

  private long foldLimit() {
    if (!sources.isEmpty()) {
      return generation.images().position().lsn();
    }
    long limit = Math.min(allowedLsn, log.forced());
    for (PinnedView pin : pins) {
      limit = Math.min(limit, pin.lsn());
    }
    return limit;
  }

  long nextDeadlineNanos() {
    return Math.min(fold.nextDeadlineNanos(), forces.deadlineNanos());
  }

  LogPosition cut(long lsn, String asideName) throws IOException {
    finishFold();
    awaitReads();
    long folded = generation.images().position().lsn();
    if (lsn < folded) {
      throw new IllegalStateException("cut at " + lsn + ", and folded up to " + folded);
    }
    if (!fold.idle()) {
      throw new IOException(
          "a fold up to lsn " + folded + " and more cannot be completed now",
          fold.failure().or(fold::stalled).orElse(null));
    }
    fold.close();
    LogPosition end = log.cut(lsn, asideName);
    for (PinnedView pin : List.copyOf(pins)) {
      if (pin.lsn() > end.lsn()) {
        pin.lose();
        pins.remove(pin);
      }
    }
    allowedLsn = Math.min(allowedLsn, end.lsn());
    arriving.clear();
    if (end.lsn() == appliedLsn) {
      return end;
    }
    try {
      volumes.reset(superblock.now());
      replay();
    } catch (IOException e) {
      lose(e);
      throw e;
    }
    return end;
  }

  /** The log ends elsewhere, and what the volumes hold there cannot be found out: no one reads. */
  private void lose(IOException why) {
    lost = Optional.of(why);
    appliedLsn = log.last().lsn();
    loseViews(why);
    log.poison(why);
  }

  /** Why nothing can be read any more; empty while it can. */
  Optional<IOException> lost() {
    return lost;
  }

  ImageSource openImages(Optional<IOException> failure) {
    finishFold();
    Optional<IOException> lost = fold.idle() ? failure : failure.or(fold::stalled);
    ImageSource source =
        new ImageSource(superblock.now(), generation.images(), reads, lost, sources::remove);
    sources.add(source);
    return source;
  }

  /** The images or the log are gone for those who look at them. */
  void loseViews(IOException why) {
    pins.forEach(PinnedView::lose);
    pins.clear();
    sources.forEach(source -> source.lose(why));
    sources.clear();
  }

  /** Drops a fold that has changed nothing, completes it otherwise, or leaves it if it cannot. */
  void finishFold() {
    Drive drive = new Drive(disk, () -> fold.poll(nowNanos, foldLimit()) | log.poll(nowNanos));
    while (!fold.drop() && !fold.stuck()) {
      drive.step();
    }
  }

  void awaitReads() throws IOException {
    Awaited ended = new Awaited();
    reads.await(ended::done);
    ended.join(disk);
  }

  void close() throws IOException {
    fold.close();
    generation.images().close();
    log.close();
  }
}
