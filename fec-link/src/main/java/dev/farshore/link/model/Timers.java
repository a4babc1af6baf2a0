package dev.farshore.link.model;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Things to do at a time; those of the same time in the order in which they were asked for. */
final class Timers {

  private record Timer(long atNanos, long number, Runnable action) {}

  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(
          Comparator.comparingLong(Timer::atNanos).thenComparingLong(Timer::number));
  private long nextNumber;

  void at(long atNanos, Runnable action) {
    timers.add(new Timer(atNanos, nextNumber++, action));
  }

  long nextNanos() {
    Timer next = timers.peek();
    return next == null ? Long.MAX_VALUE : next.atNanos();
  }

  void runNext() {
    timers.remove().action().run();
  }
}
