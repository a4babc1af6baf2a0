package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.SessionRouter.PendingReceiver;
import dev.farshore.agent.mirror.stream.FrameHandler;
import dev.farshore.agent.mirror.stream.FrameReader;
import dev.farshore.agent.mirror.stream.MalformedFrameException;
import dev.farshore.link.session.LinkReceiver;
import dev.farshore.link.session.Report;
import dev.farshore.log.SegmentLog.ReplicaOutcome;
import dev.farshore.log.group.GroupStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The mirror's end of one link session: takes the frames in order, base images into a replacement,
 * records into the log, has them forced, and reports how far they are. Owned by the group's thread.
 */
final class MirrorReceiver implements FrameHandler {
  private static final int BYTES_PER_POLL = 4 << 20;
  private static final long MAX_STAGED_BYTES = 16L << 20;

  private final GroupStore store;
  private final PendingReceiver pending;
  private Optional<FrameReader> reader = Optional.empty();
  private Optional<FillReceiver> fill;
  private Optional<String> broken = Optional.empty();
  private boolean reportFrozen;
  private boolean shut;
  private Report reported = Report.NONE;

  /**
   * @param fill where base images go, if the session begins with them
   */
  MirrorReceiver(GroupStore store, PendingReceiver pending, Optional<FillReceiver> fill) {
    this.store = store;
    this.pending = pending;
    this.fill = fill;
  }

  /**
   * Takes what has arrived.
   *
   * @return whether more could be done at once
   */
  boolean poll(long nowNanos) throws IOException {
    Optional<LinkReceiver> link = pending.receiver();
    if (link.isEmpty() || broken.isPresent()) {
      return false;
    }
    if (reader.isEmpty()) {
      reader = Optional.of(new FrameReader(link.get(), this));
    }
    boolean more = false;
    try {
      more = reader.get().read(BYTES_PER_POLL);
    } catch (MalformedFrameException e) {
      broken = Optional.of(e.getMessage());
    }
    if (fill.isPresent()) {
      fill.get().checkFailure();
    } else if (store.log().forced() < store.log().last().lsn()) {
      store.log().requestForce();
    }
    report(link.get());
    link.get().poll(nowNanos);
    return more;
  }

  private void report(LinkReceiver link) {
    if (!reportFrozen && fill.isEmpty()) {
      Report now = new Report(store.log().last().lsn(), store.log().forced());
      if (!now.equals(reported)) {
        reported = now;
        link.report(now);
      }
    }
  }

  /**
   * Whether everything that can still be had from the session is in the log: nothing has come for
   * {@code silenceNanos}, or nothing more is let in, and nothing lies unread. Base images are not
   * waited for.
   */
  boolean drained(long silenceNanos, long nowNanos) {
    Optional<LinkReceiver> link = pending.receiver();
    if (link.isEmpty() || broken.isPresent() || fill.isPresent()) {
      return true;
    }
    boolean silent = shut || nowNanos - link.get().lastArrivalNanos() >= silenceNanos;
    return silent && !link.get().peek().hasRemaining();
  }

  /** Lets no more packets in; what has arrived is still taken. */
  void shut() {
    shut = true;
    pending.shut();
  }

  /** From now on nothing more is confirmed to the primary; what arrives is still taken. */
  void freezeReport() {
    reportFrozen = true;
  }

  @Override
  public boolean ready() {
    return broken.isEmpty()
        && fill.map(FillReceiver::ready).orElse(store.log().stagedBytes() < MAX_STAGED_BYTES);
  }

  @Override
  public void onRecord(ByteBuffer record) {
    if (fill.isPresent()) {
      broken = Optional.of("a record came before the base images were whole");
      return;
    }
    ReplicaOutcome outcome = store.appendReplica(record);
    if (outcome != ReplicaOutcome.APPENDED && outcome != ReplicaOutcome.DUPLICATE) {
      broken = Optional.of("record after lsn " + store.log().last().lsn() + ": " + outcome);
    }
  }

  @Override
  public void onImageData(int volume, long offset, ByteBuffer data) {
    fill.ifPresentOrElse(f -> f.onData(volume, offset, data), this::unexpectedImage);
  }

  @Override
  public void onImageAdvance(int volume, long offset) {
    fill.ifPresentOrElse(f -> f.onAdvance(volume, offset), this::unexpectedImage);
  }

  @Override
  public void onImageEnd() {
    fill.ifPresentOrElse(FillReceiver::onEnd, this::unexpectedImage);
  }

  private void unexpectedImage() {
    broken = Optional.of("base images came that were not announced");
  }

  /**
   * If the images have just become whole, makes them the group's, and takes records from now on.
   */
  boolean commitFill(String asideName) throws IOException {
    if (fill.isPresent() && fill.get().whole()) {
      fill.get().commit(asideName);
      fill = Optional.empty();
      return true;
    }
    return false;
  }

  /** The fill that is under way; empty if there is none. */
  Optional<FillReceiver> fill() {
    return fill;
  }

  /** Why the session cannot go on. */
  Optional<String> broken() {
    return broken;
  }

  Optional<LinkReceiver> link() {
    return pending.receiver();
  }

  long sessionId() {
    return pending.sessionId();
  }

  void close() throws IOException {
    if (fill.isPresent()) {
      fill.get().close();
    }
  }
}
