package dev.farshore.link.session;

import dev.farshore.link.code.CodingGroup;
import dev.farshore.link.code.Layer;
import dev.farshore.link.code.LayerEncoder;
import dev.farshore.link.code.Symbol;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The repairs of a session: open groups, when they are closed, and when their repairs are due.
 * Owned by the sender's thread.
 *
 * <p>A group is closed when it is full; or, while the sender has nothing else to send, at once if
 * pacing has half of its bucket free (so that redundancy made from idle capacity never fills the
 * way of new data), and else when {@code flushNanos} have passed since its first member. A group
 * whose repairs must be apart in time is not closed before they may leave; until then more members
 * can join.
 */
final class Redundancy {

  private record Held(long dueNanos, RepairJob job) {}

  private final SentPackets packets;
  private final long flushNanos;
  private final Symbol.Checker checker = new Symbol.Checker();
  private final List<LayerEncoder> encoders = new ArrayList<>();
  private final ArrayDeque<RepairJob> due = new ArrayDeque<>();
  private final PriorityQueue<Held> held;
  private long serial;

  Redundancy(CodePlan plan, SentPackets packets, int maxPayloadBytes, long flushNanos, long start) {
    this.packets = packets;
    this.flushNanos = flushNanos;
    for (Layer layer : plan.layers()) {
      encoders.add(new LayerEncoder(layer, maxPayloadBytes));
    }
    // Differences to the start, so that the order holds wherever the clock's zero is.
    this.held =
        new PriorityQueue<>(
            (a, b) -> {
              int byTime = Long.compare(a.dueNanos() - start, b.dueNanos() - start);
              return byTime != 0 ? byTime : Long.compare(a.job().serial(), b.job().serial());
            });
  }

  /** A data packet was handed to the port. Its payload lies in {@code bytes}. */
  void add(long sequence, byte[] bytes, int at, int length, long nowNanos) {
    if (encoders.isEmpty()) {
      return;
    }
    int check = checker.check(sequence, bytes, at, length);
    int offsetBits = (int) packets.offset(sequence);
    for (int i = 0; i < encoders.size(); i++) {
      LayerEncoder encoder = encoders.get(i);
      CodingGroup group = encoder.add(sequence, offsetBits, check, bytes, at, length, nowNanos);
      if (group.isFull()) {
        enqueue(encoder, group);
      }
    }
  }

  /** Whether there is a repair to send, which {@link #next} then tells. */
  boolean isDue(long nowNanos) {
    releaseHeld(nowNanos);
    while (!due.isEmpty() && due.peek().recipe().last() < packets.acknowledged()) {
      due.poll().cancel();
    }
    return !due.isEmpty();
  }

  RepairJob next() {
    return due.peek();
  }

  /** The next repair was handed to the port. */
  void onHanded(long number) {
    RepairJob job = due.peek();
    job.onHanded(number);
    if (job.isHanded()) {
      due.poll();
    }
  }

  /**
   * Closes one group if there is one to close: of those that may be closed, the one that has been
   * open for longest, so that all layers wait for the same time when there is not capacity for all.
   * To be called when there is nothing to send.
   *
   * @param idle whether pacing has capacity to spare
   */
  boolean closeOne(long nowNanos, boolean idle) {
    LayerEncoder owner = null;
    CodingGroup oldest = null;
    for (int i = 0; i < encoders.size(); i++) {
      CodingGroup group = oldestToClose(encoders.get(i), nowNanos);
      if (group != null && (oldest == null || group.firstNanos() - oldest.firstNanos() < 0)) {
        owner = encoders.get(i);
        oldest = group;
      }
    }
    if (oldest == null || !(idle || oldest.firstNanos() + flushNanos - nowNanos <= 0)) {
      return false;
    }
    owner.close(oldest);
    enqueue(owner, oldest);
    return true;
  }

  /** Null if there is none. */
  private static CodingGroup oldestToClose(LayerEncoder encoder, long nowNanos) {
    for (CodingGroup group : encoder.open()) {
      if (mayLeaveNanos(group) - nowNanos <= 0) {
        return group;
      }
    }
    return null;
  }

  /**
   * When the next group is to be closed.
   *
   * @param idleNanos when pacing has capacity to spare
   */
  long closeNanos(long idleNanos) {
    long earliest = Deadline.NONE;
    for (int i = 0; i < encoders.size(); i++) {
      for (CodingGroup group : encoders.get(i).open()) {
        long flush = Deadline.earlier(idleNanos, group.firstNanos() + flushNanos);
        earliest = Deadline.earlier(earliest, Deadline.later(flush, mayLeaveNanos(group)));
      }
    }
    return earliest;
  }

  /** When the next held repair is due. */
  long heldNanos() {
    return held.isEmpty() ? Deadline.NONE : held.peek().dueNanos();
  }

  private void enqueue(LayerEncoder encoder, CodingGroup group) {
    RepairJob job = new RepairJob(encoder, group, serial++);
    if (encoder.layer().separationNanos() == 0) {
      due.add(job);
    } else {
      held.add(new Held(mayLeaveNanos(group), job));
    }
  }

  private void releaseHeld(long nowNanos) {
    while (!held.isEmpty() && held.peek().dueNanos() - nowNanos <= 0) {
      RepairJob job = held.poll().job();
      long last = job.recipe().last();
      if (last < packets.acknowledged()) {
        job.cancel();
        continue;
      }
      // Due counts from when the last member left this host, which may be later than was thought.
      long leaves =
          packets.hasDeparted(last)
              ? packets.departedNanos(last) + job.group().layer().separationNanos()
              : nowNanos + Departures.RECHECK_NANOS;
      if (leaves - nowNanos <= 0) {
        due.add(job);
      } else {
        held.add(new Held(leaves, job));
      }
    }
  }

  private static long mayLeaveNanos(CodingGroup group) {
    return group.lastNanos() + group.layer().separationNanos();
  }
}
