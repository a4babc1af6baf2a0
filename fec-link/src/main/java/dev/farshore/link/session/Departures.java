package dev.farshore.link.session;

import dev.farshore.link.port.DatagramPort;
import java.util.ArrayDeque;

/**
 * Follows datagrams through our own kernel's queue: {@code sent} and {@code covered} advance when
 * they have left it, as far as the port can tell, and otherwise when they are handed over. Owned by
 * the sender's thread.
 */
final class Departures {

  /** How soon to look again at a kernel queue that is not empty. */
  static final long RECHECK_NANOS = 100_000;

  /** With that many datagrams in the kernel's queue, no more are handed to it. */
  private static final int MOST_QUEUED = 1 << 16;

  /** What left: a repair of {@code job}, or nothing that is followed, or else a data packet. */
  private enum Kind {
    DATA,
    REPAIR
  }

  private record Queued(long position, Kind kind, RepairJob job) {}

  private final DatagramPort port;
  private final SentPackets packets;
  private final Coverage coverage;
  private final ArrayDeque<Queued> queue = new ArrayDeque<>();
  private long handedBytes;
  private long leftBytes;
  private boolean kernelOnly;

  Departures(DatagramPort port, SentPackets packets, Coverage coverage) {
    this.port = port;
    this.packets = packets;
    this.coverage = coverage;
    this.kernelOnly = port.queuedBytes() < 0;
  }

  /** Whether the port cannot tell what has left our kernel. */
  boolean kernelOnly() {
    return kernelOnly;
  }

  boolean isFull() {
    return queue.size() >= MOST_QUEUED;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  void onData(int bytes, long nowNanos) {
    handed(new Queued(handedBytes + bytes, Kind.DATA, null), bytes, nowNanos);
  }

  void onRepair(int bytes, RepairJob job, long nowNanos) {
    handed(new Queued(handedBytes + bytes, Kind.REPAIR, job), bytes, nowNanos);
  }

  /** Something whose departure means nothing. */
  void onOther(int bytes) {
    handedBytes += bytes;
  }

  private void handed(Queued datagram, int bytes, long nowNanos) {
    handedBytes += bytes;
    if (kernelOnly) {
      leave(datagram, nowNanos);
    } else {
      queue.add(datagram);
    }
  }

  /** Asks the port what has left. */
  void check(long nowNanos) {
    long queued = port.queuedBytes();
    kernelOnly = queued < 0;
    leftBytes = Math.max(leftBytes, handedBytes - Math.max(queued, 0));
    while (!queue.isEmpty() && queue.peek().position() <= leftBytes) {
      leave(queue.poll(), nowNanos);
    }
  }

  private void leave(Queued datagram, long nowNanos) {
    switch (datagram.kind()) {
      case DATA -> packets.onDeparted(nowNanos);
      case REPAIR -> {
        if (datagram.job().onDeparted()) {
          coverage.onDeparted(datagram.job().recipe());
        }
      }
    }
  }
}
