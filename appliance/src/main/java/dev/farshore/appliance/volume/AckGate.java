package dev.farshore.appliance.volume;

import dev.farshore.appliance.export.Export.Failure;
import dev.farshore.appliance.export.Export.Reply;
import java.util.ArrayDeque;

/**
 * Holds replies until their watermark, and releases them in the order of their LSNs. It remembers
 * no watermarks: nothing is released but by the {@link #advance} that says it may be, so that a
 * reply can never rest on what was true of an earlier epoch.
 *
 * <p>What may wait is bounded by those who ask: the NBD server gives a connection a limited number
 * of requests.
 *
 * <p>Owned by the group's thread. Replies are called from within {@link #advance} and {@link
 * #failAll}, and may call {@link #await} in turn.
 *
 * @see "reliability invariants A1, A2, A3: a reply is never sent before its watermark"
 */
public final class AckGate {

  private static final class Waiting {
    private final long lsn;
    private final Reply reply;
    private boolean over;

    private Waiting(long lsn, Reply reply) {
      this.lsn = lsn;
      this.reply = reply;
    }
  }

  private final ReplyPolicy policy;
  private final ArrayDeque<Waiting> plain = new ArrayDeque<>();
  private final ArrayDeque<Waiting> forced = new ArrayDeque<>();

  /** What waits, or has waited, for its record to be appended. */
  private final ArrayDeque<Waiting> staged = new ArrayDeque<>();

  public AckGate(ReplyPolicy policy) {
    this.policy = policy;
  }

  /**
   * Takes a reply into keeping. Once its record is appended and the reply has still to wait, it is
   * told {@link Reply#dataTaken}: until then the log holds the data in memory, so whoever bounds
   * memory should count it.
   *
   * @param lsn the record it answers for, and with it all before; not lower than that of an earlier
   *     call with the same {@code forced} that still waits
   * @param forcedToo FLUSH and FUA: the record must also be durable at this site
   */
  public void await(long lsn, boolean forcedToo, Reply reply) {
    ArrayDeque<Waiting> queue = forcedToo ? forced : plain;
    if (!queue.isEmpty() && queue.peekLast().lsn > lsn) {
      throw new IllegalArgumentException(
          "LSN " + lsn + " comes after " + queue.peekLast().lsn + ", which still waits");
    }
    Waiting waiting = new Waiting(lsn, reply);
    queue.addLast(waiting);
    staged.addLast(waiting);
  }

  /**
   * Releases every reply that may go now. Call it at the end of each round of the group's loop: a
   * flush with nothing new to write waits for it too.
   */
  public void advance(Watermarks now) {
    if (plain.isEmpty() && forced.isEmpty()) {
      staged.clear();
      return;
    }
    release(now);
    while (!staged.isEmpty() && (staged.peekFirst().over || isAppended(now))) {
      Waiting first = staged.removeFirst();
      if (!first.over) {
        first.reply.dataTaken();
      }
    }
  }

  private boolean isAppended(Watermarks now) {
    return staged.peekFirst().lsn <= now.appended();
  }

  private void release(Watermarks now) {
    long limit = Math.min(policy.acknowledgeable(now), now.appended());
    long durable = Math.min(limit, now.forced());
    while (true) {
      Waiting first = plain.peekFirst();
      Waiting firstForced = forced.peekFirst();
      boolean plainMay = first != null && first.lsn <= limit;
      boolean forcedMay = firstForced != null && firstForced.lsn <= durable;
      if (plainMay && (!forcedMay || first.lsn <= firstForced.lsn)) {
        end(plain).done();
      } else if (forcedMay) {
        end(forced).done();
      } else {
        return;
      }
    }
  }

  /** Fails everything that waits now: the store is poisoned, or another site leads. */
  public void failAll(Failure failure, String reason) {
    for (int left = waiting(); left > 0; left--) {
      Waiting first = plain.peekFirst();
      Waiting firstForced = forced.peekFirst();
      boolean takePlain = firstForced == null || (first != null && first.lsn <= firstForced.lsn);
      end(takePlain ? plain : forced).failed(failure, reason);
    }
  }

  private static Reply end(ArrayDeque<Waiting> queue) {
    Waiting first = queue.removeFirst();
    first.over = true;
    return first.reply;
  }

  /** Replies in keeping. */
  public int waiting() {
    return plain.size() + forced.size();
  }

  /** Lowest LSN that a reply waits for; {@code Long.MAX_VALUE} when none waits. */
  public long oldestWaitingLsn() {
    long oldestPlain = plain.isEmpty() ? Long.MAX_VALUE : plain.peekFirst().lsn;
    long oldestForced = forced.isEmpty() ? Long.MAX_VALUE : forced.peekFirst().lsn;
    return Math.min(oldestPlain, oldestForced);
  }
}
