package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.control.ControlMessage.Hello;
import dev.farshore.link.session.LinkReceiver;

/**
 * A primary that has introduced itself, and is not welcomed before what is in flight of an earlier
 * session has arrived.
 *
 * @param sinceNanos when it said hello
 * @param drainNanos how long the earlier session must have been silent
 */
record Greeting(Hello hello, long sinceNanos, long drainNanos) {

  /** How many drain times an earlier session may go on after a new hello. */
  private static final int MAX_DRAINS = 2;

  /**
   * Whether nothing of an earlier session is awaited any more; it is shut if it goes on too long.
   */
  boolean isDrained(MirrorReceiver earlier, long nowNanos) {
    if (nowNanos - sinceNanos >= MAX_DRAINS * drainNanos) {
      earlier.shut();
    }
    return earlier.drained(drainNanos, nowNanos);
  }

  /** When the earlier session will have been silent for long enough, or will be overdue. */
  long dueNanos(LinkReceiver earlier) {
    return Math.min(earlier.lastArrivalNanos() + drainNanos, sinceNanos + MAX_DRAINS * drainNanos);
  }
}
