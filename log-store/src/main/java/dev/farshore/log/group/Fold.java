package dev.farshore.log.group;

import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskFullException;
import dev.farshore.log.image.BaseImage;
import dev.farshore.log.image.SumsCache;
import java.io.IOException;
import java.util.Optional;

/**
 * Moves records from the log into the images, a batch at a time.
 *
 * <pre>
 *   gather   whole appends from the log, as many as a batch holds
 *   mix      make in memory the blocks that keep some of their old bytes
 *   intend   superblock: what is about to change, and what the mixed blocks will be
 *   drain    wait for reads that began before mixed blocks were read from memory
 *   apply    write blocks, force, write sums, force
 *   commit   superblock: the images hold everything up to here
 *   forget   take what was folded out of the overlays
 *   release  wait for reads again, then let go of what was removed and cut off
 * </pre>
 *
 * Until the intent is written nothing has changed, and a batch may be dropped. From then on it has
 * to be completed, by this process or by the next one that opens the store. Readers find every byte
 * of the batch in the log or among the mixed blocks until it is committed. Owned by the group's
 * thread.
 */
final class Fold {
  private static final long RETRY_NANOS = 10_000_000_000L;

  private final Disk disk;
  private final SumsCache cache;
  private final SuperblockFile superblock;
  private final Generation generation;
  private final Barrier barrier;
  private final GroupStoreSettings settings;
  private final FoldTrigger trigger;
  private final FoldGather gather;
  private final WriteBuffers buffers;

  private FoldPhase phase = FoldPhase.IDLE;
  private Outcome step = new Outcome();
  private FoldBatch batch;
  private long batchLimit;

  /** The intent of an interrupted fold that is done again; empty in any other fold. */
  private Optional<FoldIntent> again = Optional.empty();

  private FoldMix mix;
  private FoldApply apply;
  private FoldForget forget;
  private boolean drained;
  private Optional<IOException> stalled = Optional.empty();
  private Optional<IOException> failure = Optional.empty();
  private long retryAtNanos;
  private final FoldAmounts amounts = new FoldAmounts();

  Fold(
      Disk disk,
      SumsCache cache,
      SuperblockFile superblock,
      Generation generation,
      Barrier barrier,
      GroupStoreSettings settings) {
    this.disk = disk;
    this.cache = cache;
    this.superblock = superblock;
    this.generation = generation;
    this.barrier = barrier;
    this.settings = settings;
    this.trigger = new FoldTrigger(settings);
    this.gather = new FoldGather(generation.log(), new RecordArena(settings.foldBatchBytes()));
    this.buffers = new WriteBuffers(settings.foldBatchBytes());
  }

  /** Records of so many bytes are in the log and not in the images. */
  void appended(long bytes) {
    amounts.appended(bytes);
  }

  /** The log was cut: so many bytes of records are left that are not in the images. */
  void cut(long bytes) {
    amounts.cut(bytes);
  }

  /** What the log had lost, it has again: if that is why the fold rests, it tries at once. */
  void mended(long nowNanos) {
    if (progress().lostLsn().isPresent()) {
      retryAtNanos = nowNanos;
    }
  }

  /** Begins to do an interrupted fold again. */
  void complete(FoldIntent intent, long nowNanos) {
    again = Optional.of(intent);
    retryAtNanos = nowNanos;
    gatherTo(intent.toLsn());
  }

  /** Whether a fold that was interrupted has still to be done again. */
  boolean completing() {
    return again.isPresent();
  }

  /** Whether nothing is under way and the images are whole. */
  boolean idle() {
    return phase == FoldPhase.IDLE;
  }

  /** Whether it has something to do, and nothing keeps it from that. */
  boolean works(long nowNanos) {
    return switch (phase) {
      case RESTING, FAILED -> false;
      case IDLE -> stalled.isEmpty() && due(nowNanos);
      default -> true;
    };
  }

  /** Whether it can do nothing for now, or nothing any more. */
  boolean stuck() {
    return phase == FoldPhase.RESTING || phase == FoldPhase.FAILED;
  }

  /** Why it cannot go on for now. */
  Optional<IOException> stalled() {
    return stalled;
  }

  /** Why it will not go on. */
  Optional<IOException> failure() {
    return failure;
  }

  /** Whether enough waits for a fold, or has waited for long. */
  boolean due(long nowNanos) {
    long records = generation.log().appended() - generation.images().position().lsn();
    return trigger.due(records, amounts.unfoldedBytes(), nowNanos);
  }

  FoldProgress progress() {
    long records = generation.log().last().lsn() - generation.images().position().lsn();
    return amounts.progress(records, stalled);
  }

  long nextDeadlineNanos() {
    return switch (phase) {
      case IDLE -> {
        long due = trigger.deadlineNanos();
        yield stalled.isPresent() && due - retryAtNanos < 0 ? retryAtNanos : due;
      }
      case RESTING -> retryAtNanos;
      default -> Long.MAX_VALUE;
    };
  }

  /**
   * Does a bounded part of the work.
   *
   * @param limit records behind this LSN stay in the log
   * @return true if it should be called again at once
   */
  boolean poll(long nowNanos, long limit) {
    return switch (phase) {
      case IDLE -> begin(nowNanos, limit);
      case GATHERING -> gather(nowNanos);
      case MIXING -> step.ended() && mixed(nowNanos);
      case INTENDING -> step.ended() && intended();
      case DRAINING -> drained && apply();
      case APPLYING -> step.ended() && applied(nowNanos);
      case COMMITTING -> step.ended() && committed();
      case FORGETTING -> forgetting();
      case RELEASING -> drained && released(nowNanos);
      case RESTING -> nowNanos - retryAtNanos >= 0 && resume();
      case FAILED -> false;
    };
  }

  /** Gives up a batch that has not touched anything; false if there is one that has. */
  boolean drop() {
    if (phase == FoldPhase.GATHERING && again.isEmpty()) {
      gather.release();
      phase = FoldPhase.IDLE;
    }
    return phase == FoldPhase.IDLE;
  }

  void close() {
    gather.close();
  }

  private boolean begin(long nowNanos, long limit) {
    if (stalled.isPresent() && nowNanos - retryAtNanos < 0) {
      return false;
    }
    if (!due(nowNanos)) {
      return false;
    }
    if (limit <= generation.images().position().lsn()) {
      trigger.rest(nowNanos);
      return false;
    }
    gatherTo(limit);
    return true;
  }

  private void gatherTo(long limit) {
    batch = new FoldBatch(superblock.now(), settings.foldBatchBytes());
    batchLimit = limit;
    gather.begin(batch);
    phase = FoldPhase.GATHERING;
  }

  private boolean gather(long nowNanos) {
    FoldGather.State state;
    try {
      state = gather.step(batch, batchLimit, again.isPresent());
    } catch (IOException e) {
      return stall(e, nowNanos);
    }
    return switch (state) {
      case MORE -> true;
      case WAITING -> false;
      case COMPLETE -> {
        if (batch.empty()) {
          trigger.rest(nowNanos);
          phase = FoldPhase.IDLE;
          yield false;
        }
        yield mix();
      }
    };
  }

  private boolean mix() {
    mix = new FoldMix(batch, generation.images(), again);
    step = new Outcome();
    phase = FoldPhase.MIXING;
    mix.run(step);
    return true;
  }

  private boolean mixed(long nowNanos) {
    if (step.failure().isPresent()) {
      return stall(step.failure().get(), nowNanos);
    }
    generation.images().announce(mix.blocks());
    Optional<IOException> damage = mix.damage();
    if (damage.isPresent()) {
      return stall(damage.get(), nowNanos);
    }
    if (again.isPresent()) {
      return drain(FoldPhase.DRAINING);
    }
    step = new Outcome();
    phase = FoldPhase.INTENDING;
    superblock.write(superblock.now().withIntent(mix.intent(batch.to().lsn())), step);
    return step.ended();
  }

  private boolean intended() {
    return step.failure().isPresent() ? fail(step.failure().get()) : drain(FoldPhase.DRAINING);
  }

  private boolean drain(FoldPhase next) {
    drained = false;
    phase = next;
    barrier.await(() -> drained = true);
    return drained;
  }

  private boolean apply() {
    apply =
        new FoldApply(
            disk,
            cache,
            generation.images(),
            batch,
            mix.plans(),
            superblock.now().generation(),
            again.isPresent());
    return startApply();
  }

  private boolean startApply() {
    step = new Outcome();
    phase = FoldPhase.APPLYING;
    apply.run(buffers, step);
    return step.ended();
  }

  /** A batch that failed while it was applied is applied again; what it mixed is in memory. */
  private boolean resume() {
    if (apply != null) {
      return startApply();
    }
    gatherTo(batchLimit);
    return true;
  }

  private boolean applied(long nowNanos) {
    if (step.failure().isPresent()) {
      IOException cause = step.failure().get();
      return cause instanceof DiskFullException ? stall(cause, nowNanos) : fail(cause);
    }
    step = new Outcome();
    phase = FoldPhase.COMMITTING;
    superblock.write(superblock.now().folded(batch.to(), batch.table()), step);
    return step.ended();
  }

  private boolean committed() {
    if (step.failure().isPresent()) {
      return fail(step.failure().get());
    }
    apply.created().forEach(generation.images()::put);
    generation.images().settled(batch.to());
    mix.plans().forEach(this::narrow);
    amounts.folded(batch.encodedBytes(), apply.writtenBytes());
    again = Optional.empty();
    stalled = Optional.empty();
    forget = new FoldForget(generation.volumes(), batch.table(), batch.to().lsn());
    phase = FoldPhase.FORGETTING;
    return true;
  }

  private boolean forgetting() {
    return forget.step() || drain(FoldPhase.RELEASING);
  }

  private boolean released(long nowNanos) {
    try {
      for (int volume : batch.removed()) {
        BaseImage image = generation.images().remove(volume).orElseThrow();
        image.close();
        BaseImage.delete(disk, image.name());
      }
      for (VolumePlan plan : mix.plans()) {
        if (plan.endBytes() > plan.state().info().sizeBytes()) {
          image(plan).resize(plan.state().info().sizeBytes());
        }
      }
    } catch (IOException e) {
      return fail(e);
    }
    gather.release();
    mix = null;
    batch = null;
    apply = null;
    forget = null;
    trigger.rest(nowNanos);
    phase = FoldPhase.IDLE;
    return true;
  }

  /**
   * From now on readers find zeros behind the volume's end, if it grows again. The files are cut
   * only when those who read there have ended.
   */
  private void narrow(VolumePlan plan) {
    image(plan).narrow(plan.state().info().sizeBytes());
  }

  private BaseImage image(VolumePlan plan) {
    return generation.images().find(plan.state().info().volume()).orElseThrow();
  }

  /**
   * What a batch needs cannot be read, or there is no room to write it: it is tried again later.
   */
  private boolean stall(IOException cause, long nowNanos) {
    stalled = Optional.of(cause);
    retryAtNanos = nowNanos + RETRY_NANOS;
    phase = phase == FoldPhase.APPLYING || again.isPresent() ? FoldPhase.RESTING : FoldPhase.IDLE;
    if (phase == FoldPhase.IDLE) {
      gather.release();
    }
    return false;
  }

  /** Nothing of the group is acknowledged any more, though the files of its log are others. */
  private boolean fail(IOException cause) {
    failure = Optional.of(cause);
    generation.log().poison(cause);
    phase = FoldPhase.FAILED;
    return false;
  }
}
