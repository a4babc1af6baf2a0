package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.control.ControlMessage;
import dev.farshore.agent.mirror.control.ControlMessage.ChainIs;
import dev.farshore.agent.mirror.control.ControlMessage.LogLost;
import dev.farshore.log.LogDamagedException;
import dev.farshore.log.group.GroupStore;
import java.io.IOException;
import java.util.Optional;

/**
 * The primary's question for the chain at an LSN. If this site's disk has lost that record it is
 * answered when the repair knows more. Owned by the group's thread.
 */
final class ChainQuestion {
  private final GroupStore store;
  private final long lsn;
  private final boolean ahead;
  private boolean lost;

  /**
   * @param ahead whether this log goes on where the primary's ends: what it has more must not be
   *     replaced, so a question that cannot be answered stays open
   */
  ChainQuestion(GroupStore store, long lsn, boolean ahead) {
    this.store = store;
    this.lsn = lsn;
    this.ahead = ahead;
  }

  /** What to say; empty as long as nothing can be said. */
  Optional<ControlMessage> answer(LogRepair repair) throws IOException {
    if (!lost || repair.isMended(lsn) || repair.isGone(lsn)) {
      try {
        return Optional.of(new ChainIs(lsn, store.log().positionAt(lsn)));
      } catch (LogDamagedException damage) {
        lost = true;
      }
    }
    if (repair.isForeign(lsn)) {
      return Optional.of(new ChainIs(lsn, Optional.empty()));
    }
    return repair.isGone(lsn) && !ahead ? Optional.of(new LogLost(lsn)) : Optional.empty();
  }

  /** The record that has to be fetched before there is an answer. */
  Optional<Long> lostLsn() {
    return lost ? Optional.of(lsn) : Optional.empty();
  }
}
