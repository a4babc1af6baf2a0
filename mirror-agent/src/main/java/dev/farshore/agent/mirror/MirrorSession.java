package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.control.ControlMessage;
import dev.farshore.agent.mirror.control.ControlMessage.BeginFill;
import dev.farshore.agent.mirror.control.ControlMessage.BeginStream;
import dev.farshore.agent.mirror.control.ControlMessage.FillFrom;
import dev.farshore.agent.mirror.control.ControlMessage.Filled;
import dev.farshore.agent.mirror.control.ControlMessage.PrimaryProgress;
import dev.farshore.agent.mirror.control.ControlMessage.Ready;
import dev.farshore.agent.mirror.stream.FillSender;
import dev.farshore.agent.mirror.stream.MirrorSender;
import dev.farshore.link.session.LinkSender;
import dev.farshore.link.session.Report;
import dev.farshore.log.LogCursor;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.group.ImageSource;
import java.io.IOException;
import java.util.Optional;

/**
 * One link session from the primary to its mirror, from the opening on the control channel to its
 * end. A session that fails is not mended: the conversation starts over and opens another.
 */
final class MirrorSession {
  private static final long PROGRESS_NANOS = 50_000_000L;

  private final GroupStore store;
  private final SegmentLog log;
  private final ControlChannel channel;
  private final LinkRoute route;
  private final int coverageLevel;
  private final long sessionId;
  private final long fromLsn;

  /**
   * Open from the beginning: what the log was allowed to free long ago, it may free at any time.
   */
  private final LogCursor cursor;

  private final Optional<ImageSource> images;
  private Optional<MirrorSender> sender = Optional.empty();
  private boolean filled;
  private long nextProgressNanos = Long.MIN_VALUE;
  private long toldForced = -1;
  private long toldAppended = -1;
  private long toldFolded = -1;

  /**
   * @param images base images to send first; their owner closes them when {@link #filled}
   * @param fromLsn first record to send, one that the log has or will have next
   */
  MirrorSession(
      GroupStore store,
      ControlChannel channel,
      LinkRoute route,
      int coverageLevel,
      long fromLsn,
      Optional<ImageSource> images) {
    this.store = store;
    this.log = store.log();
    this.channel = channel;
    this.route = route;
    this.coverageLevel = coverageLevel;
    this.fromLsn = fromLsn;
    this.cursor = log.cursor(fromLsn);
    this.images = images;
    this.filled = images.isEmpty();
    this.sessionId = route.router().newSessionId();
    channel.sendOrClose(
        images.isPresent()
            ? new BeginFill(sessionId, images.get().at(), images.get().volumes(), route.settings())
            : new BeginStream(sessionId, fromLsn, route.settings()));
  }

  /** Takes a message of the session; false if it is none. */
  boolean onMessage(ControlMessage message) throws IOException {
    switch (message) {
      case Ready ready when sender.isEmpty() && images.isEmpty() -> open(Optional.empty());
      case FillFrom from when sender.isEmpty() && images.isPresent() ->
          open(Optional.of(new FillSender.Source(images.get(), from.volume(), from.offset())));
      case Filled done when images.isPresent() -> filled = true;
      default -> {
        return false;
      }
    }
    return true;
  }

  private void open(Optional<FillSender.Source> fill) {
    LinkSender link = route.router().openSender(route.settings(), sessionId, route.peer());
    sender = Optional.of(new MirrorSender(cursor, link, coverageLevel, fill));
  }

  boolean opened() {
    return sender.isPresent();
  }

  /** Whether the mirror holds whole base images. */
  boolean filled() {
    return filled;
  }

  boolean poll(long nowNanos) throws IOException {
    if (sender.isEmpty()) {
      return false;
    }
    if (nowNanos - nextProgressNanos >= 0 || nextProgressNanos == Long.MIN_VALUE) {
      tellProgress(nowNanos);
    }
    return sender.get().poll(nowNanos);
  }

  private void tellProgress(long nowNanos) {
    nextProgressNanos = nowNanos + PROGRESS_NANOS;
    long folded = store.folded().lsn();
    boolean news =
        log.forced() != toldForced || log.appended() != toldAppended || folded != toldFolded;
    if (news && channel.send(new PrimaryProgress(log.appended(), log.forced(), folded))) {
      toldFolded = folded;
      toldForced = log.forced();
      toldAppended = log.appended();
    }
  }

  long nextDeadlineNanos() {
    return sender
        .map(s -> Math.min(nextProgressNanos, s.link().nextDeadlineNanos()))
        .orElse(Long.MAX_VALUE);
  }

  long sentLsn() {
    return sender.map(MirrorSender::sentLsn).orElse(fromLsn - 1);
  }

  long coveredLsn() {
    return sender.map(MirrorSender::coveredLsn).orElse(fromLsn - 1);
  }

  Report report() {
    return sender.map(s -> s.link().latestReport()).orElse(Report.NONE);
  }

  /** Whether every appended record is on its way and base images, if any, have arrived. */
  boolean caughtUp() {
    return filled && sender.isPresent() && sender.get().queuedLsn() >= log.appended();
  }

  /** The record that is to be sent next and cannot be read. */
  Optional<Long> lostLsn() {
    return sender.flatMap(MirrorSender::lostLsn);
  }

  Optional<MirrorSender> sender() {
    return sender;
  }

  long fromLsn() {
    return fromLsn;
  }

  void close() {
    sender.ifPresentOrElse(MirrorSender::close, cursor::close);
    route.router().close(sessionId);
  }
}
