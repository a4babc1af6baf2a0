package dev.farshore.log.group;

import dev.farshore.log.SegmentLog;
import dev.farshore.log.SegmentLogs;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.image.BaseImage;
import dev.farshore.log.image.SumsCache;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A group's store that folds its log into base images.
 *
 * <p>{@link #poll} drives the disk, the log and the fold. Methods that block drive them too, so
 * that completions of earlier reads may run within them. The disk remains the caller's to close.
 */
public final class FoldingGroupStore implements GroupStore {

  private final Disk disk;
  private final SegmentLogs logs;
  private final GroupStoreSettings settings;
  private final SumsCache cache;
  private final SuperblockFile superblock;
  private Service service;
  private Optional<ReceivedImages> replacement = Optional.empty();
  private Optional<IOException> failure = Optional.empty();
  private long nowNanos;

  private FoldingGroupStore(
      Disk disk,
      SegmentLogs logs,
      GroupStoreSettings settings,
      SumsCache cache,
      SuperblockFile superblock,
      long nowNanos) {
    this.disk = disk;
    this.logs = logs;
    this.settings = settings;
    this.cache = cache;
    this.superblock = superblock;
    this.nowNanos = nowNanos;
  }

  /** Whether there is a store on a disk. */
  public static boolean exists(Disk disk) throws IOException {
    return disk.exists(SuperblockFile.NAME);
  }

  /**
   * Makes an empty store and opens it. Until it is whole there is none: what an interrupted call
   * left is replaced. Blocks.
   *
   * @param logs where the store's logs lie
   * @throws IllegalStateException if there is a store
   */
  public static FoldingGroupStore create(
      Disk disk, SegmentLogs logs, GroupStoreSettings settings, long nowNanos) throws IOException {
    if (exists(disk)) {
      throw new IllegalStateException("there is a store already");
    }
    new GroupOpening(disk, logs).create();
    return open(disk, logs, settings, nowNanos);
  }

  /**
   * Opens a store: recovers its log, completes a fold or a replacement of its images that was
   * interrupted, and makes the volumes follow the log. Blocks.
   *
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws dev.farshore.log.LogDamagedException if the log is not what was forced
   * @throws dev.farshore.log.slot.SlotsDamagedException if the superblock is lost
   * @throws dev.farshore.log.image.ImageDamagedException if the files of an image end too early
   */
  public static FoldingGroupStore open(
      Disk disk, SegmentLogs logs, GroupStoreSettings settings, long nowNanos) throws IOException {
    SuperblockFile superblock = SuperblockFile.open(disk);
    SumsCache cache = new SumsCache(settings.sumsCacheBytes());
    FoldingGroupStore store =
        new FoldingGroupStore(disk, logs, settings, cache, superblock, nowNanos);
    try {
      GroupOpening opening = new GroupOpening(disk, logs);
      opening.tidy(superblock);
      store.service = store.serve(opening.generation(superblock.now(), cache));
      store.service.recover();
    } catch (IOException e) {
      store.release();
      throw e;
    }
    return store;
  }

  private Service serve(Generation generation) {
    return new Service(disk, cache, superblock, generation, settings, nowNanos);
  }

  @Override
  public SegmentLog log() {
    return service.generation().log();
  }

  @Override
  public long append(List<Change> changes, Epoch epoch, long wallMillis) throws IOException {
    requireSound();
    if (changes.isEmpty() || changes.size() > CHANGES_MAX) {
      throw new IllegalArgumentException("an append of " + changes.size() + " changes");
    }
    return service.append(changes, epoch, wallMillis);
  }

  @Override
  public SegmentLog.ReplicaOutcome appendReplica(ByteBuffer record) {
    if (failure().isPresent()) {
      return SegmentLog.ReplicaOutcome.FAILED;
    }
    return service.appendReplica(record);
  }

  @Override
  public List<VolumeInfo> volumes() {
    return service.generation().volumes().infos();
  }

  @Override
  public Optional<VolumeInfo> volume(String name) {
    return volumes().stream().filter(info -> info.name().equals(name)).findFirst();
  }

  @Override
  public int nextVolumeNumber() {
    return service.generation().volumes().highest() + 1;
  }

  @Override
  public boolean inDegradedSpan() {
    return service.generation().volumes().degraded();
  }

  @Override
  public void read(int volume, long offset, ByteBuffer target, Completion completion) {
    if (service.lost().isPresent()) {
      completion.failed(service.lost().get());
    } else {
      service.reader().read(service.present(volume), offset, target, completion);
    }
  }

  @Override
  public List<Extent> extents(int volume, long offset, long length, int limit) {
    return service.lost().isPresent()
        ? List.of(new Extent(length, Extent.Kind.DATA))
        : service.reader().extents(service.present(volume), offset, length, limit);
  }

  @Override
  public PinnedView pin() {
    return service.pin();
  }

  @Override
  public boolean poll(long now) {
    nowNanos = now;
    boolean more = disk.poll(now) > 0;
    more |= log().poll(now);
    if (failure().isEmpty()) {
      more |= service.poll(now);
    }
    return more;
  }

  @Override
  public long nextDeadlineNanos() {
    long io = Math.min(disk.nextDeadlineNanos(), log().nextDeadlineNanos());
    return failure().isEmpty() ? Math.min(io, service.nextDeadlineNanos()) : io;
  }

  @Override
  public void allowFold(long lsn) {
    service.allowFold(lsn);
  }

  @Override
  public LogPosition folded() {
    return service.generation().images().position();
  }

  @Override
  public FoldProgress foldProgress() {
    return service.fold().progress();
  }

  @Override
  public SegmentLog.MendOutcome mend(ByteBuffer record) throws IOException {
    return failure().isPresent() ? SegmentLog.MendOutcome.REFUSED : service.mend(record);
  }

  @Override
  public void retainFrom(long lsn) {
    service.retainFrom(lsn);
  }

  @Override
  public LogPosition cut(long lsn, String asideName) throws IOException {
    return service.cut(lsn, asideName);
  }

  @Override
  public ImageSource openImages() {
    return service.openImages(failure());
  }

  @Override
  public ImageReplacement receiveImages(LogPosition at, List<VolumeInfo> volumes)
      throws IOException {
    requireSoundImages();
    if (replacement.isPresent() && !replacement.get().over()) {
      throw new IllegalStateException("images are being received already");
    }
    ReplacementState wanted =
        ReplacementState.begin(superblock.now().generation() + 1, at, volumes);
    replacement = Optional.of(ReceivedImages.open(disk, cache, wanted, this::replace));
    return replacement.get();
  }

  private void replace(ReplacementState received, Collection<BaseImage> newImages, String asideName)
      throws IOException {
    Generation next;
    try {
      requireSoundImages();
      service.finishFold();
      service.awaitReads();
      next = received(received, newImages);
    } catch (IOException e) {
      for (BaseImage image : newImages) {
        image.close();
      }
      throw e;
    }
    try {
      swap(next, asideName);
    } catch (IOException e) {
      failure = Optional.of(e);
      log().poison(e);
      throw e;
    }
  }

  private Generation received(ReplacementState received, Collection<BaseImage> newImages)
      throws IOException {
    VolumeTable volumes = received.table(service.generation().volumes().highest());
    SegmentLog newLog = logs.create(Generation.logName(received.generation()), received.at());
    BaseImages images = new BaseImages(received.at());
    newImages.forEach(images::put);
    return new Generation(received.generation(), newLog, images, volumes);
  }

  private void swap(Generation next, String asideName) throws IOException {
    Service old = service;
    SegmentLog oldLog = old.generation().log();
    boolean empty = oldLog.first() > oldLog.last().lsn();
    String aside = empty ? "" : new GroupOpening(disk, logs).unusedName(asideName);
    superblock.write(
        new Superblock(
            next.number(),
            next.images().position(),
            next.volumes().highest(),
            next.volumes().infos(),
            next.volumes().degraded(),
            Optional.of(new Superblock.Aside(old.generation().number(), aside)),
            Optional.empty()));
    service = serve(next);
    old.loseViews(new IOException("the images were replaced by those of another site"));
    closeReplaced(old);
    new GroupOpening(disk, logs).tidy(superblock);
  }

  /** A log that has failed says so again when it is closed, and it is not in service any more. */
  private static void closeReplaced(Service old) throws IOException {
    boolean poisoned = old.generation().log().failure().isPresent();
    try {
      old.close();
    } catch (IOException e) {
      if (!poisoned) {
        throw e;
      }
    }
  }

  @Override
  public Optional<IOException> failure() {
    return failure.or(() -> log().failure()).or(() -> service.fold().failure());
  }

  private void requireSound() throws IOException {
    if (failure().isPresent()) {
      IOException cause = failure().get();
      throw new IOException("the store has failed: " + cause.getMessage(), cause);
    }
  }

  private void requireSoundImages() throws IOException {
    Optional<IOException> cause = failure.or(() -> service.fold().failure());
    if (cause.isPresent()) {
      throw new IOException("the store has failed: " + cause.get().getMessage(), cause.get());
    }
  }

  @Override
  public void close() throws IOException {
    service.finishFold();
    service.awaitReads();
    release();
  }

  private void release() throws IOException {
    try {
      if (service != null) {
        service.close();
      }
    } finally {
      superblock.close();
    }
  }
}
