package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.control.ControlMessage;
import dev.farshore.agent.mirror.control.ControlMessage.AskChain;
import dev.farshore.agent.mirror.control.ControlMessage.MirrorProgress;
import dev.farshore.log.group.GroupStore;
import java.io.IOException;
import java.util.Optional;

/**
 * What a mirror tells its primary about its log on one channel, and what it asks it for: chains,
 * records, how far it has folded, and what its own disk has lost. Owned by the group's thread.
 */
final class MirrorAnswers {
  private final GroupStore store;
  private final long primaryLast;
  private final RecordExchange exchange;
  private Optional<ChainQuestion> question = Optional.empty();
  private long toldFolded = -1;

  /**
   * @param primaryLast where the primary's log ended when it introduced itself
   */
  MirrorAnswers(GroupStore store, long primaryLast) {
    this.store = store;
    this.primaryLast = primaryLast;
    this.exchange = new RecordExchange(store);
  }

  /** Takes a message that is about the log; false if it is none. */
  boolean onMessage(ControlChannel open, ControlMessage message) throws IOException {
    if (message instanceof AskChain(long lsn)) {
      boolean ahead = lsn == primaryLast && store.log().last().lsn() > lsn;
      question = Optional.of(new ChainQuestion(store, lsn, ahead));
      answer(open);
      return true;
    }
    return exchange.onMessage(open, message);
  }

  /**
   * @param joined whether this log is a prefix of the primary's
   */
  void poll(ControlChannel open, boolean joined, long nowNanos) throws IOException {
    exchange.poll(open, lostLsn(), nowNanos);
    answer(open);
    long folded = store.folded().lsn();
    if (joined && folded != toldFolded && open.send(new MirrorProgress(folded))) {
      toldFolded = folded;
    }
  }

  private void answer(ControlChannel open) throws IOException {
    if (question.isPresent()) {
      Optional<ControlMessage> answer = question.get().answer(exchange.repair());
      answer.ifPresent(open::sendOrClose);
      question = answer.isPresent() ? Optional.empty() : question;
    }
  }

  /** The first record that somebody here needs and cannot read. */
  Optional<Long> lostLsn() {
    return question.flatMap(ChainQuestion::lostLsn).or(() -> store.foldProgress().lostLsn());
  }

  /** How the repair of what this site's disk has lost stands. */
  LogRepair.State repair() {
    return exchange.repair().state();
  }

  /** Gives nothing more for now, and says so: the log is about to be cut or replaced. */
  void stopGiving(Optional<ControlChannel> open) {
    exchange.stopGiving(open);
  }

  /** The channel is closed. */
  void close() {
    exchange.close();
    question = Optional.empty();
  }
}
