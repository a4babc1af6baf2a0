package dev.farshore.agent.mirror.control;

import dev.farshore.link.session.LinkSettings;
import dev.farshore.log.group.VolumeInfo;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** A message between the two sites of a group; the package description shows who says what when. */
public sealed interface ControlMessage {

  /**
   * The leader introduces itself.
   *
   * @param groupId identity that the group got when it was created
   * @param epoch the epoch in which the sender leads
   * @param last where its log ends
   */
  record Hello(long groupId, String group, int site, Epoch epoch, LogPosition last)
      implements ControlMessage {}

  /**
   * The follower accepts the leader; from now on it refuses lower epochs.
   *
   * @param empty it holds nothing of the group yet
   * @param last where its log ends, staged records included
   * @param first oldest LSN that it can still read
   */
  record Welcome(boolean empty, LogPosition last, long first) implements ControlMessage {}

  /**
   * The follower does not accept the leader.
   *
   * @param promised the highest epoch that it has seen
   * @param reason why, for the log
   */
  record Refused(RefusalKind kind, Epoch promised, String reason) implements ControlMessage {}

  /** Why a leader is refused. */
  enum RefusalKind {
    /** A higher epoch exists: the sender of the hello must stop leading. */
    FENCED,
    /** The group has the same name and another identity. */
    WRONG_GROUP,
    /** This site cannot follow now: its store has failed, or it is being promoted. */
    UNAVAILABLE
  }

  record AskChain(long lsn) implements ControlMessage {}

  /** Empty if the follower does not hold that LSN any more. */
  record ChainIs(long lsn, Optional<LogPosition> position) implements ControlMessage {}

  /**
   * Asks for a portion of the records from {@code fromLsn} to the other site's end: which the
   * leader lost before it was forced, or which the disk of either site has lost.
   */
  record PullTail(long fromLsn) implements ControlMessage {}

  /**
   * A piece of an encoded record.
   *
   * @param endsRecord whether the record is whole with it
   */
  record TailBytes(ByteBuffer bytes, boolean endsRecord) implements ControlMessage {}

  /** A portion of the tail ends here; it was the last one if that site's log does too. */
  record TailEnd(LogPosition last) implements ControlMessage {
    /** The site cannot give what was asked for: it has been freed, or lost there too. */
    public static final TailEnd NOT_HELD = new TailEnd(LogPosition.START);
  }

  /** Asks to keep everything after {@code lsn} aside and to end the log there. */
  record CutTo(long lsn) implements ControlMessage {}

  record CutDone(LogPosition last) implements ControlMessage {}

  /** What should be cut off is in the base images already. */
  record CutRefused(long folded) implements ControlMessage {}

  /** Base images follow on the link session, then records from {@code at.lsn() + 1} on. */
  record BeginFill(long session, LogPosition at, List<VolumeInfo> volumes, LinkSettings link)
      implements ControlMessage {}

  /** Where the fill goes on: everything before this place is here already. */
  record FillFrom(int volume, long offset) implements ControlMessage {}

  record Filled(LogPosition at) implements ControlMessage {}

  /** Records from {@code fromLsn} on follow on the link session. */
  record BeginStream(long session, long fromLsn, LinkSettings link) implements ControlMessage {}

  record Ready() implements ControlMessage {}

  /**
   * How far the leader's log is: what is forced there cannot be missing in a later epoch of its
   * own, and what is appended may be lost if it has to be promoted against. What is not folded
   * there, it may lose to its disk and ask for.
   */
  record PrimaryProgress(long appended, long forced, long folded) implements ControlMessage {
    /** Nothing was heard of it yet. */
    public static final PrimaryProgress NONE = new PrimaryProgress(0, 0, 0);
  }

  /** Up to where the follower has folded. What it has not, it may lose to its disk and ask for. */
  record MirrorProgress(long folded) implements ControlMessage {}

  /**
   * The follower has lost a record without which it cannot join the leader's log, and the leader
   * does not hold it: only base images help.
   */
  record LogLost(long lsn) implements ControlMessage {}

  record Ping(long number) implements ControlMessage {}

  record Pong(long number) implements ControlMessage {}

  /** The stream cannot go on; a new conversation finds out where the logs agree. */
  record StreamBroken(String reason) implements ControlMessage {}

  /** The follower's operator wants it to lead in {@code epoch}. */
  record SwitchoverRequest(Epoch epoch) implements ControlMessage {}

  /** The former leader takes no more writes; {@code last} is its end, and is mirrored. */
  record SwitchoverDone(LogPosition last) implements ControlMessage {}

  record SwitchoverFailed(String reason) implements ControlMessage {}
}
