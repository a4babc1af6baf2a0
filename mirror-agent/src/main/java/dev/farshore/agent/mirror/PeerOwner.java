package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.control.ControlMessage.Hello;
import dev.farshore.log.record.Epoch;
import java.io.IOException;
import java.util.Optional;

/** What a primary is told of the conversation with its mirror, and what it decides. */
interface PeerOwner {
  Hello hello();

  /** Whether records may still be taken back from the mirror: true until writes are served. */
  boolean mayPullTail();

  /** Records that were being taken back end in the middle of an append perhaps. */
  void onPullBroken() throws IOException;

  /** This log lacks records of the epoch that it leads, and the mirror cannot give them back. */
  void onRegressed(String reason);

  /** A higher epoch exists. */
  void onFenced(Epoch promised);

  /** The mirror has been reached, and this log holds all that it has; writes may be served. */
  void onAgreed();

  /**
   * The mirror's state is of no use to this log, or it has none; a fill follows.
   *
   * @param sharedLsn no record behind it is at both sites
   */
  void onFillNeeded(String reason, long sharedLsn);

  /** Whether the base images hold everything that both sites hold. */
  boolean mayFill();

  /** A record that this site's disk has lost, and somebody here reads. */
  Optional<Long> lostLsn();

  /** What the mirror has not folded, it may lose to its disk and ask for. */
  void onMirrorFolded(long lsn);

  void onSwitchoverRequest(Epoch epoch);

  /**
   * Makes the session that follows an agreement.
   *
   * @param fromLsn first record to send; empty if the mirror needs a fill
   */
  MirrorSession openSession(ControlChannel channel, Optional<Long> fromLsn);
}
