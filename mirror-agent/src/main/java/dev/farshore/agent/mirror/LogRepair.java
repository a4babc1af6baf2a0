package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.control.ControlMessage.PullTail;
import dev.farshore.agent.mirror.control.ControlMessage.TailBytes;
import dev.farshore.log.SegmentLog.MendOutcome;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches records from the other site that this site's disk has lost, a portion at a time, and
 * gives them to the store, which takes none that its own log does not prove. Either site may ask,
 * in any state of the conversation. Owned by the group's thread.
 */
public final class LogRepair {
  private static final Logger LOG = LoggerFactory.getLogger(LogRepair.class);

  /** When a site that does not hold a record, or has lost it too, is asked for it again. */
  private static final long AGAIN_NANOS = 10_000_000_000L;

  /** How a repair stands. */
  public enum State {
    /** Nothing is lost, or there is nobody to ask. */
    IDLE,
    /** What is lost has been asked for, or arrives. */
    FETCHING,
    /** What is lost cannot be had from the other site. */
    NOT_HELD
  }

  private final GroupStore store;
  private final RecordPieces pieces = new RecordPieces();
  private final RecordView view = new RecordView();
  private State state = State.IDLE;

  /** The record that somebody here needs. */
  private long lostLsn;

  /** The first record that was asked for: that one, or one of those behind it that prove it. */
  private long askedLsn;

  private boolean asking;
  private Optional<MendOutcome> outcome = Optional.empty();
  private long againNanos;

  /** How often the other site has said that it does not hold it. */
  private int refusals;

  LogRepair(GroupStore store) {
    this.store = store;
  }

  State state() {
    return state;
  }

  /** Whether records that arrive are an answer to this. */
  boolean isAsking() {
    return asking;
  }

  /** Whether the record that was lost is at hand again. */
  boolean isMended(long lsn) {
    return lsn == lostLsn && outcome.equals(Optional.of(MendOutcome.MENDED));
  }

  /** Whether the other site does not hold the record, or not the one that was lost. */
  boolean isNotHeld(long lsn) {
    return lsn == lostLsn && state == State.NOT_HELD;
  }

  /** Whether it did not hold it when it was asked again, either, after quite some time. */
  boolean isGone(long lsn) {
    return isNotHeld(lsn) && refusals > 1;
  }

  /** Whether the other site holds another record of that LSN, or another one before it. */
  boolean isForeign(long lsn) {
    return isNotHeld(lsn) && outcome.equals(Optional.of(MendOutcome.FOREIGN));
  }

  /**
   * Asks if something is lost.
   *
   * @param lost the first record that somebody here needs and cannot read
   */
  void poll(ControlChannel channel, Optional<Long> lost, long nowNanos) {
    if (lost.isEmpty()) {
      if (state != State.IDLE) {
        LOG.info("what the disk had lost of the log, at lsn {}, is there again", lostLsn);
      }
      state = State.IDLE;
      outcome = Optional.empty();
    } else if (!asking) {
      boolean another = state == State.IDLE || lost.get() != lostLsn;
      if (another) {
        ask(channel, lost.get(), lost.get(), nowNanos);
      } else if (outcome.equals(Optional.of(MendOutcome.AWAITS_NEXT))) {
        ask(channel, lostLsn, askedLsn, nowNanos);
      } else if (nowNanos - againNanos >= 0) {
        ask(channel, lostLsn, lostLsn, nowNanos);
      }
    }
  }

  private void ask(ControlChannel channel, long lost, long fromLsn, long nowNanos) {
    if (!channel.send(new PullTail(fromLsn))) {
      return;
    }
    if (state == State.IDLE) {
      LOG.warn("the disk has lost lsn {} of the log; asking the other site for it", lost);
    }
    refusals = lost == lostLsn && state != State.IDLE ? refusals : 0;
    lostLsn = lost;
    askedLsn = fromLsn;
    asking = true;
    outcome = Optional.empty();
    againNanos = nowNanos + AGAIN_NANOS;
    state = refusals == 0 ? State.FETCHING : State.NOT_HELD;
  }

  /** Takes a piece of a record. Of a portion, what is behind the proof is not needed. */
  void onBytes(TailBytes tail) throws IOException {
    Optional<ByteBuffer> record = pieces.add(tail.bytes(), tail.endsRecord());
    boolean goesOn = outcome.isEmpty() || outcome.equals(Optional.of(MendOutcome.AWAITS_NEXT));
    if (record.isPresent() && goesOn) {
      MendOutcome now = store.mend(record.get());
      outcome = Optional.of(now);
      if (now == MendOutcome.AWAITS_NEXT) {
        askedLsn = view.wrap(record.get()).lsn() + 1;
      }
    }
  }

  /** A portion ends; the proof may need another one. */
  void onEnd() {
    asking = false;
    pieces.clear();
    boolean comesOn =
        outcome
            .map(now -> now == MendOutcome.MENDED || now == MendOutcome.AWAITS_NEXT)
            .orElse(false);
    if (!comesOn) {
      if (refusals == 0) {
        LOG.error("the other site does not hold lsn {}, which this site's disk has lost", lostLsn);
      }
      refusals++;
      state = State.NOT_HELD;
    }
  }
}
