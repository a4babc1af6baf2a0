package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.control.ControlMessage;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.util.Optional;

/**
 * What a primary's disk has lost of the log, in one conversation with its mirror: a comparison that
 * needs such a record stands still until that has been fetched, or is known to be another one at
 * the mirror, or to be nowhere. Owned by the group's thread.
 */
final class LostRecords {
  private static final long NONE = -1;

  private final GroupStore store;
  private final RecordExchange exchange;
  private Optional<Interrupted> interrupted = Optional.empty();

  /** An LSN at which the logs differ, though this site does not know its own record of it. */
  private long differingLsn = NONE;

  /** A message that cannot be taken before the record is there. */
  private record Interrupted(ControlMessage message, long lostLsn) {}

  LostRecords(GroupStore store) {
    this.store = store;
    this.exchange = new RecordExchange(store);
  }

  LogRepair repair() {
    return exchange.repair();
  }

  /** Takes a message that is about single records; false if it is none. */
  boolean onMessage(ControlChannel open, ControlMessage message) throws IOException {
    return exchange.onMessage(open, message);
  }

  /**
   * @param lost the first record that somebody here needs and cannot read
   */
  void poll(ControlChannel open, Optional<Long> lost, long nowNanos) throws IOException {
    exchange.poll(open, lost, nowNanos);
  }

  /** Where this log stands at an LSN that is compared; empty if the logs are known to differ. */
  Optional<LogPosition> position(long lsn) throws IOException {
    return lsn == differingLsn ? Optional.empty() : store.log().positionAt(lsn);
  }

  /** A message cannot be taken for want of a record. */
  void interrupts(ControlMessage message, long lostLsn) {
    interrupted = Optional.of(new Interrupted(message, lostLsn));
  }

  /** The record for want of which a message could not be taken. */
  Optional<Long> interrupting() {
    return interrupted.map(Interrupted::lostLsn);
  }

  /** The message that was interrupted, when it should be taken again. */
  Optional<ControlMessage> resumed() {
    if (interrupted.isEmpty()) {
      return Optional.empty();
    }
    long lsn = interrupted.get().lostLsn();
    boolean differs = repair().isForeign(lsn);
    if (!differs && !repair().isMended(lsn) && !repair().isGone(lsn)) {
      return Optional.empty();
    }
    differingLsn = differs ? lsn : NONE;
    ControlMessage message = interrupted.get().message();
    interrupted = Optional.empty();
    return Optional.of(message);
  }

  /** The record that the message which was taken again needs, and nobody has. */
  Optional<Long> goneForGood() {
    return interrupting().filter(repair()::isGone);
  }

  /** Nothing is compared any more. */
  void forget() {
    interrupted = Optional.empty();
  }

  /** The conversation has ended. */
  void close() {
    forget();
    exchange.close();
  }
}
