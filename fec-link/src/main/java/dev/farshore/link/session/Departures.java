package dev.farshore.link.session;

import dev.farshore.link.port.DatagramPort;
import dev.farshore.link.risk.Tail;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Follows data and repair packets out of this host: {@code sent} and {@code covered} advance when
 * they have left our kernel's queue, as far as the port can tell, and our kernel had the time to
 * say that it refused them. Owned by the sender's thread.
 *
 * <p>The port counts refusals that it learns of late, for all its users together and not one by
 * one. So when that count rises, whatever of this session could be meant is sent again.
 */
final class Departures {

  /** How soon to look again at a kernel queue that is not empty. */
  static final long RECHECK_NANOS = 100_000;

  /** A refusal by our own kernel is known that long after the datagram was handed to it. */
  static final long CONFIRM_NANOS = 20_000;

  /** With that many datagrams on their way out, no more are handed to the port. */
  private static final int MOST_QUEUED = 1 << 16;

  /** A datagram that is followed. */
  sealed interface Followed {}

  record Data(long sequence) implements Followed {}

  record Repair(RepairJob job, int index) implements Followed {}

  private record Queued(Followed what, long position, long handedNanos) {}

  private final DatagramPort port;
  private final SentPackets packets;
  private final Coverage coverage;
  private final ArrayDeque<Queued> queue = new ArrayDeque<>();
  // Refused, or maybe so; to be sent again in this order, before anything else that is followed.
  private final ArrayDeque<Followed> again = new ArrayDeque<>();
  private long leftPosition = Long.MIN_VALUE;
  private boolean kernelOnly;
  private long refusedLater;
  private long takenBack;
  private long lastCheckNanos;

  Departures(DatagramPort port, SentPackets packets, Coverage coverage, long nowNanos) {
    this.port = port;
    this.packets = packets;
    this.coverage = coverage;
    this.kernelOnly = port.queuedBytes() < 0;
    this.refusedLater = port.refusedLater();
    this.lastCheckNanos = nowNanos;
  }

  /** Whether the port cannot tell what has left our kernel. */
  boolean kernelOnly() {
    return kernelOnly;
  }

  boolean isFull() {
    return queue.size() >= MOST_QUEUED;
  }

  /** When {@link #check} may find that something left. */
  long checkNanos() {
    return queue.isEmpty()
        ? Deadline.NONE
        : Deadline.later(
            queue.peek().handedNanos() + CONFIRM_NANOS, lastCheckNanos + recheckNanos());
  }

  private long recheckNanos() {
    return leftPosition - queue.peek().position() < 0 && !kernelOnly ? RECHECK_NANOS : 1;
  }

  /** A datagram was handed to the port just now. */
  void onHanded(Followed what, long nowNanos) {
    queue.add(new Queued(what, port.takenBytes(), nowNanos));
  }

  boolean hasAgain() {
    return !again.isEmpty();
  }

  /** What is to be sent again first. */
  Followed firstAgain() {
    return again.peek();
  }

  /** The first was handed to the port again. */
  void onHandedAgain(long nowNanos) {
    onHanded(again.poll(), nowNanos);
  }

  /** What {@link #check} found. */
  enum Finding {
    NOTHING,
    LEFT,
    REFUSED
  }

  /** Asks the port what has left, and what was refused. */
  Finding check(long nowNanos) {
    long refusedNow = port.refusedLater();
    long before = takenBack;
    if (refusedNow != refusedLater) {
      refusedLater = refusedNow;
      takeBack();
    }
    lastCheckNanos = nowNanos;
    long queued = port.queuedBytes();
    kernelOnly = queued < 0;
    leftPosition = Math.max(leftPosition, port.takenBytes() - Math.max(queued, 0));
    boolean left = false;
    while (!queue.isEmpty() && hasLeft(queue.peek(), nowNanos)) {
      leave(queue.poll().what(), nowNanos);
      left = true;
    }
    if (takenBack > before) {
      return Finding.REFUSED;
    }
    return left ? Finding.LEFT : Finding.NOTHING;
  }

  private boolean hasLeft(Queued datagram, long nowNanos) {
    return datagram.position() <= leftPosition
        && datagram.handedNanos() + CONFIRM_NANOS - nowNanos <= 0;
  }

  private void takeBack() {
    Iterator<Queued> latestFirst = queue.descendingIterator();
    while (latestFirst.hasNext()) {
      Queued datagram = latestFirst.next();
      if (datagram.handedNanos() + CONFIRM_NANOS - lastCheckNanos <= 0) {
        return;
      }
      latestFirst.remove();
      again.push(datagram.what());
      takenBack++;
    }
  }

  /** How many datagrams were to be sent again because the port had refused some. */
  long takenBack() {
    return takenBack;
  }

  /**
   * Groups whose repairs have left as far as the port tells, while the kernel could still say that
   * it refused one.
   */
  List<Tail.Group> leaving() {
    List<Tail.Group> groups = new ArrayList<>();
    for (Queued datagram : queue) {
      if (datagram.position() <= leftPosition
          && datagram.what() instanceof Repair(RepairJob job, int index)
          && index == job.recipe().repairs() - 1) {
        groups.add(new Tail.Group(job.recipe(), job.lastNumber()));
      }
    }
    return groups;
  }

  private void leave(Followed what, long nowNanos) {
    switch (what) {
      case Data data -> packets.onDeparted(nowNanos);
      case Repair repair -> {
        if (repair.job().onDeparted()) {
          coverage.onDeparted(repair.job().recipe(), repair.job().lastNumber());
        }
      }
    }
  }
}
