package dev.farshore.agent.site;

import java.util.ArrayDeque;

/**
 * How long ago something that advances was caught up with: remembers when each goal was first heard
 * of. Owned by the site's thread.
 */
final class FollowerLag {
  private static final int GOALS_MAX = 256;

  private record Goal(long lsn, long sinceNanos) {}

  private final ArrayDeque<Goal> goals = new ArrayDeque<>();

  /**
   * @param goal LSN that the other side has reached
   * @param reached LSN that this side has reached
   */
  void observe(long goal, long reached, long nowNanos) {
    while (!goals.isEmpty() && goals.peekFirst().lsn() <= reached) {
      goals.removeFirst();
    }
    long last = goals.isEmpty() ? reached : goals.peekLast().lsn();
    if (goal > last) {
      if (goals.size() == GOALS_MAX) {
        // Between the last two goals the lag is told a little too small.
        goals.removeLast();
      }
      goals.addLast(new Goal(goal, nowNanos));
    }
  }

  /** Age of the oldest goal that has not been reached; 0 if there is none. */
  long nanos(long nowNanos) {
    return goals.isEmpty() ? 0 : nowNanos - goals.peekFirst().sinceNanos();
  }
}
