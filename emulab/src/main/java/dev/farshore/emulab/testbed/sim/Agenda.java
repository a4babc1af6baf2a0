package dev.farshore.emulab.testbed.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * Who acts when: a heap of actors by time, and at the same time in the order in which they joined.
 */
final class Agenda {

  /** Someone who does something at a time. */
  abstract static class Actor {
    private long dueNanos = Long.MAX_VALUE;
    private int number;
    private int slot;

    /** Does what is due; not before the time that was set, and not again unless another is set. */
    abstract void act(long nowNanos);
  }

  private final List<Actor> heap = new ArrayList<>();

  /** An actor without a time yet. */
  void join(Actor actor) {
    actor.number = heap.size();
    actor.slot = heap.size();
    heap.add(actor);
  }

  /** The actor acts at that time, whatever was set before; {@code Long.MAX_VALUE} for never. */
  void set(Actor actor, long dueNanos) {
    if (dueNanos != actor.dueNanos) {
      actor.dueNanos = dueNanos;
      up(actor);
      down(actor);
    }
  }

  /** The actor acts at that time or before. */
  void hasten(Actor actor, long dueNanos) {
    if (dueNanos < actor.dueNanos) {
      actor.dueNanos = dueNanos;
      up(actor);
    }
  }

  /** When the first actor is due; {@code Long.MAX_VALUE} if none is. */
  long nextNanos() {
    return heap.isEmpty() ? Long.MAX_VALUE : heap.getFirst().dueNanos;
  }

  /** Has the first actor act. */
  void actFirst(long nowNanos) {
    Actor first = heap.getFirst();
    set(first, Long.MAX_VALUE);
    first.act(nowNanos);
  }

  private void up(Actor actor) {
    int slot = actor.slot;
    while (slot > 0 && before(actor, heap.get((slot - 1) / 2))) {
      put(heap.get((slot - 1) / 2), slot);
      slot = (slot - 1) / 2;
    }
    put(actor, slot);
  }

  private void down(Actor actor) {
    int slot = actor.slot;
    for (int child = first(slot); child < heap.size(); child = first(slot)) {
      if (!before(heap.get(child), actor)) {
        break;
      }
      put(heap.get(child), slot);
      slot = child;
    }
    put(actor, slot);
  }

  /** The slot of the earlier child. */
  private int first(int slot) {
    int left = 2 * slot + 1;
    boolean rightFirst = left + 1 < heap.size() && before(heap.get(left + 1), heap.get(left));
    return rightFirst ? left + 1 : left;
  }

  private void put(Actor actor, int slot) {
    heap.set(slot, actor);
    actor.slot = slot;
  }

  private static boolean before(Actor one, Actor other) {
    return one.dueNanos < other.dueNanos
        || (one.dueNanos == other.dueNanos && one.number < other.number);
  }
}
