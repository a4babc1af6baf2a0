package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.control.ControlMessage;
import dev.farshore.agent.mirror.control.ControlMessage.PullTail;
import dev.farshore.agent.mirror.control.ControlMessage.TailBytes;
import dev.farshore.agent.mirror.control.ControlMessage.TailEnd;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.group.GroupStore;
import java.io.IOException;
import java.util.Optional;

/**
 * What one site does with records outside of the stream, on one channel: gives the other one what
 * that asks for, and asks for what its own disk has lost. Owned by the group's thread.
 */
final class RecordExchange {
  private final GroupStore store;
  private final LogRepair repair;
  private Optional<TailServer> tail = Optional.empty();

  RecordExchange(GroupStore store) {
    this.store = store;
    this.repair = new LogRepair(store);
  }

  LogRepair repair() {
    return repair;
  }

  /** Takes a message that is about it; false if it is none. */
  boolean onMessage(ControlChannel open, ControlMessage message) throws IOException {
    switch (message) {
      case PullTail pull -> onPull(open, pull.fromLsn());
      case TailBytes bytes when repair.isAsking() -> repair.onBytes(bytes);
      case TailEnd end when repair.isAsking() -> repair.onEnd();
      default -> {
        return false;
      }
    }
    return true;
  }

  /** What was free when the logs were compared may be gone by now: then they are compared again. */
  private void onPull(ControlChannel open, long fromLsn) {
    close();
    SegmentLog log = store.log();
    if (fromLsn < log.first() || fromLsn > log.last().lsn() + 1) {
      open.sendOrClose(TailEnd.NOT_HELD);
      return;
    }
    tail = Optional.of(new TailServer(log, fromLsn));
  }

  /**
   * @param lost the first record that somebody here needs and cannot read
   */
  void poll(ControlChannel open, Optional<Long> lost, long nowNanos) throws IOException {
    if (tail.isPresent() && tail.get().poll(open)) {
      close();
    }
    repair.poll(open, lost, nowNanos);
  }

  /** Gives nothing more for now, and says so: the log is about to be cut or replaced. */
  void stopGiving(Optional<ControlChannel> open) {
    if (tail.isPresent()) {
      open.ifPresent(channel -> channel.sendOrClose(TailEnd.NOT_HELD));
      close();
    }
  }

  /** Gives nothing more: the channel is closed. */
  void close() {
    tail.ifPresent(TailServer::close);
    tail = Optional.empty();
  }
}
