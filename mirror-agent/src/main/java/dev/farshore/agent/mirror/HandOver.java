package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.control.ControlMessage.SwitchoverDone;
import dev.farshore.agent.mirror.control.ControlMessage.SwitchoverFailed;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.record.Epoch;
import java.util.Optional;

/**
 * A planned switchover, at the site that gives way: it has stopped taking writes, and goes when its
 * mirror has forced everything and every reply has been sent. Owned by the group's thread.
 */
final class HandOver {
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  /** How far it is. */
  enum Outcome {
    WAITING,
    /** The mirror went away, or took too long; this site goes on. */
    GIVEN_UP,
    /** This site follows, durably, and has said so. */
    DONE
  }

  private final SegmentLog log;
  private final GroupLeadership leadership;
  private final Epoch to;
  private final long deadlineNanos;

  /**
   * @param to epoch in which the mirror will lead
   */
  HandOver(SegmentLog log, GroupLeadership leadership, Epoch to, long nowNanos) {
    this.log = log;
    this.leadership = leadership;
    this.to = to;
    this.deadlineNanos = nowNanos + PATIENCE_NANOS;
  }

  /**
   * @param mirroredLsn how far the mirror has forced
   * @param waitingReplies replies that have not been sent
   */
  Outcome poll(
      Optional<ControlChannel> channel, long mirroredLsn, int waitingReplies, long nowNanos) {
    if (channel.isEmpty() || nowNanos - deadlineNanos >= 0) {
      channel.ifPresent(c -> c.send(new SwitchoverFailed("the mirror did not catch up in time")));
      return Outcome.GIVEN_UP;
    }
    long last = log.last().lsn();
    log.requestForce();
    if (log.forced() < last || mirroredLsn < last || waitingReplies > 0) {
      return Outcome.WAITING;
    }
    leadership.write(leadership.now().following(leadership.now().groupId(), to));
    channel.get().send(new SwitchoverDone(log.last()));
    return Outcome.DONE;
  }

  /** Epoch in which the mirror will lead. */
  Epoch to() {
    return to;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }
}
