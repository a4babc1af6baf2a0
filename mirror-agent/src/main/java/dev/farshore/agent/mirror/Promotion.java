package dev.farshore.agent.mirror;

import dev.farshore.log.SegmentLog;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.util.Optional;

/**
 * A promotion, step by step; the order is what makes it safe (invariant F5).
 *
 * <ol>
 *   <li>Durably stop acknowledging the old epoch. Its data is still taken: what was acknowledged
 *       may be in flight.
 *   <li>Wait until the link has been silent for the drain time.
 *   <li>Force the log and cut it at its last whole append; from now on the old epoch's data is
 *       refused too.
 *   <li>Journal the new epoch. The owner serves.
 * </ol>
 *
 * <p>After a crash in between, the site finds the promotion in its {@link Leadership} and goes on
 * with the third step: what was in flight died with the process.
 *
 * <p>A planned switchover has a step before the first: the primary is asked to stop, drain and hand
 * over, and nothing is lost.
 */
final class Promotion {
  /**
   * How many drain times a link that never falls silent is listened to: an old primary that cannot
   * be told to stop goes on sending, and what it sends now was not acknowledged before the
   * promotion.
   */
  private static final int MAX_DRAINS = 10;

  private final Epoch epoch;
  private final GroupLeadership leadership;
  private final long drainNanos;
  private PromotionStep step;
  private long silentSinceNanos;
  private long fencedNanos;
  private long polledNanos;
  private String failure = "";

  private Promotion(Epoch epoch, GroupLeadership leadership, long drainNanos, PromotionStep step) {
    this.epoch = epoch;
    this.leadership = leadership;
    this.drainNanos = drainNanos;
    this.step = step;
  }

  /** Begins by asking the primary, which answers, to hand over. */
  static Promotion planned(Epoch epoch, GroupLeadership leadership, long drainNanos) {
    return new Promotion(epoch, leadership, drainNanos, PromotionStep.ASKING_PRIMARY);
  }

  /** Begins with the first step, durably. */
  static Promotion unplanned(
      Epoch epoch, GroupLeadership leadership, long drainNanos, long nowNanos) {
    Promotion promotion = new Promotion(epoch, leadership, drainNanos, PromotionStep.DRAINING);
    promotion.fence(nowNanos);
    return promotion;
  }

  /** Goes on with one that a crash interrupted. */
  static Promotion resumed(GroupLeadership leadership, long drainNanos) {
    Epoch epoch = leadership.now().promotingTo();
    return new Promotion(epoch, leadership, drainNanos, PromotionStep.FORCING);
  }

  private void fence(long nowNanos) {
    leadership.write(leadership.now().promoting(epoch));
    silentSinceNanos = nowNanos;
    fencedNanos = nowNanos;
    polledNanos = nowNanos;
  }

  /** The primary that was asked is gone: what it had acknowledged is here or in flight. */
  void goOnWithoutPrimary(long nowNanos) {
    if (step == PromotionStep.ASKING_PRIMARY) {
      fence(nowNanos);
      step = PromotionStep.DRAINING;
    }
  }

  /** The primary has stopped at {@code last}, which it says is mirrored. */
  void handedOver(LogPosition last, SegmentLog log, long nowNanos) {
    if (step != PromotionStep.ASKING_PRIMARY) {
      return;
    }
    if (log.last().equals(last)) {
      fence(nowNanos);
      step = PromotionStep.FORCING;
    } else {
      fail("the primary handed over at " + last + ", this log ends at " + log.last());
    }
  }

  /**
   * Takes the next step if it is due.
   *
   * @param receiver the session of the old primary
   */
  void poll(GroupStore store, Optional<MirrorReceiver> receiver, long nowNanos) throws IOException {
    polledNanos = nowNanos;
    if (store.failure().isPresent()) {
      // What came may not be in the log. A process that finds the store sound again goes on.
      return;
    }
    if (step == PromotionStep.DRAINING) {
      drain(receiver, nowNanos);
    }
    if (step == PromotionStep.FORCING) {
      SegmentLog log = store.log();
      log.requestForce();
      if (log.stagedBytes() == 0 && log.forced() == log.appended()) {
        if (log.appended() != log.last().lsn()) {
          store.cut(log.appended(), "divergent-" + log.last().epoch() + "-" + log.appended());
        }
        leadership.write(leadership.now().leading(epoch));
        step = PromotionStep.DONE;
      }
    }
  }

  /** Everything that arrived is taken, however slow this site's disk is. */
  private void drain(Optional<MirrorReceiver> receiver, long nowNanos) {
    if (nowNanos - fencedNanos >= drainNanos * MAX_DRAINS) {
      receiver.ifPresent(MirrorReceiver::shut);
    }
    boolean listened = nowNanos - fencedNanos >= drainNanos;
    if (listened && receiver.map(r -> r.drained(drainNanos, nowNanos)).orElse(true)) {
      step = PromotionStep.FORCING;
    }
    silentSinceNanos =
        receiver
            .flatMap(MirrorReceiver::link)
            .map(link -> Math.max(fencedNanos, link.lastArrivalNanos()))
            .orElse(fencedNanos);
  }

  void fail(String reason) {
    if (step == PromotionStep.ASKING_PRIMARY) {
      step = PromotionStep.FAILED;
      failure = reason;
    }
  }

  /** Whether the old epoch's data is refused. */
  boolean refusesData() {
    return step == PromotionStep.FORCING || step == PromotionStep.DONE;
  }

  /** Whether the old epoch is still acknowledged. */
  boolean acknowledges() {
    return step == PromotionStep.ASKING_PRIMARY;
  }

  PromotionStep step() {
    return step;
  }

  Epoch epoch() {
    return epoch;
  }

  /** Why it failed; empty text unless it did. */
  String failure() {
    return failure;
  }

  long nextDeadlineNanos() {
    if (step != PromotionStep.DRAINING) {
      return Long.MAX_VALUE;
    }
    long due = Math.min(silentSinceNanos, fencedNanos + drainNanos * (MAX_DRAINS - 1)) + drainNanos;
    // Once that has passed it waits for the disk, which wakes the owner by itself.
    return due - polledNanos > 0 ? due : Long.MAX_VALUE;
  }
}
