package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.control.ControlMessage.PullTail;
import dev.farshore.agent.mirror.control.ControlMessage.TailBytes;
import dev.farshore.log.group.GroupStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches records from the mirror that this site's disk has lost before they were folded, a portion
 * at a time, and gives them to the fold. Every record that the mirror has confirmed is of the same
 * history, and the fold takes none that does not continue this log's chain. Owned by the group's
 * thread.
 */
public final class LogRepair {
  private static final Logger LOG = LoggerFactory.getLogger(LogRepair.class);

  /** When a mirror that does not hold a record, or has lost it too, is asked for it again. */
  private static final long AGAIN_NANOS = 10_000_000_000L;

  /** How a repair stands. */
  public enum State {
    /** Nothing is lost. */
    IDLE,
    /** What is lost has been asked for, or arrives. */
    FETCHING,
    /** What is lost cannot be had from the mirror. */
    NOT_HELD
  }

  private final GroupStore store;
  private final RecordPieces pieces = new RecordPieces();
  private State state = State.IDLE;
  private boolean asking;
  private boolean given;
  private long askedLsn;
  private long againNanos;

  LogRepair(GroupStore store) {
    this.store = store;
  }

  State state() {
    return state;
  }

  /**
   * Asks if something is lost.
   *
   * @param heldLsn up to where the mirror has confirmed records of this log
   */
  void poll(ControlChannel channel, long heldLsn, long nowNanos) {
    Optional<Long> lost = store.foldProgress().lostLsn().filter(lsn -> lsn <= heldLsn);
    if (lost.isEmpty()) {
      if (state == State.FETCHING) {
        LOG.info("what the disk had lost of the log, at lsn {}, came from the mirror", askedLsn);
      }
      state = State.IDLE;
    } else if (!asking && mayAsk(lost.get(), nowNanos)) {
      ask(channel, lost.get(), nowNanos);
    }
  }

  private boolean mayAsk(long lsn, long nowNanos) {
    return state == State.IDLE || lsn != askedLsn || nowNanos - againNanos >= 0;
  }

  private void ask(ControlChannel channel, long lsn, long nowNanos) {
    if (!channel.send(new PullTail(lsn))) {
      return;
    }
    if (state == State.IDLE) {
      LOG.warn("the disk has lost lsn {} of the log; asking the mirror for it", lsn);
    }
    asking = true;
    given = false;
    askedLsn = lsn;
    againNanos = nowNanos + AGAIN_NANOS;
    state = State.FETCHING;
  }

  /** Takes a piece of a record. */
  void onBytes(TailBytes tail) throws IOException {
    Optional<ByteBuffer> record = pieces.add(tail.bytes(), tail.endsRecord());
    given |= record.isPresent() && store.giveBack(record.get());
  }

  /** A portion ends; the fold may want another one. */
  void onEnd() {
    asking = false;
    pieces.clear();
    if (!given) {
      LOG.error("the mirror does not hold lsn {}, which this site's disk has lost", askedLsn);
      state = State.NOT_HELD;
    }
  }
}
