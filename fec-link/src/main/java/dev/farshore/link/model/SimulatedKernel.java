package dev.farshore.link.model;

import java.util.ArrayDeque;
import java.util.SplittableRandom;

/**
 * How the operating system of a simulated host treats datagrams that are to leave: its queue before
 * the network card, and its refusals, by chance or on demand.
 */
public final class SimulatedKernel {

  private record Queued(SimulatedDatagramPort port, Datagram datagram, SimulatedPath path) {}

  enum Verdict {
    TAKE,
    PUSH_BACK,
    REFUSE,
    REFUSE_LATER
  }

  private final SimulatedNetwork network;
  private final SplittableRandom random;
  private final ArrayDeque<Queued> queue = new ArrayDeque<>();
  private KernelConditions conditions = KernelConditions.IDEAL;
  private long blockedUntilNanos;
  private int refusals;
  private int laterRefusals;
  private long freeNanos;
  private long powerCycle;

  SimulatedKernel(SimulatedNetwork network, SplittableRandom random) {
    this.network = network;
    this.random = random;
  }

  public KernelConditions conditions() {
    return conditions;
  }

  public void change(KernelConditions other) {
    conditions = other;
  }

  /** The next {@code count} sends are refused. */
  public void refuseNext(int count) {
    refusals = count;
  }

  /** The next {@code count} datagrams are taken, do not leave, and are reported in a later poll. */
  public void refuseLaterNext(int count) {
    laterRefusals = count;
  }

  /** Until then every send is answered with back-pressure. */
  public void blockUntil(long nanos) {
    blockedUntilNanos = nanos;
  }

  /**
   * @param waitingBytes what waits already, with the newcomer
   */
  Verdict judge(long waitingBytes) {
    if (network.nowNanos() < blockedUntilNanos || waitingBytes > conditions.sendBufferBytes()) {
      return Verdict.PUSH_BACK;
    }
    if (refusals > 0) {
      refusals--;
      return Verdict.REFUSE;
    }
    if (laterRefusals > 0) {
      laterRefusals--;
      return Verdict.REFUSE_LATER;
    }
    double draw = random.nextDouble();
    if (draw < conditions.refuse()) {
      return Verdict.REFUSE;
    }
    return draw < conditions.refuse() + conditions.refuseLater()
        ? Verdict.REFUSE_LATER
        : Verdict.TAKE;
  }

  /** How long a port that was pushed back has to wait before it is worth asking again. */
  long blockedNanos() {
    return Math.max(0, blockedUntilNanos - network.nowNanos());
  }

  /** Sends on the card what a port flushed; the port hears when it has left. */
  void transmit(SimulatedDatagramPort port, Datagram datagram, SimulatedPath path) {
    if (conditions.nicBitsPerSecond() == 0 && queue.isEmpty()) {
      path.offer(datagram);
      port.onLeft(datagram.bytes().length);
      return;
    }
    queue.add(new Queued(port, datagram, path));
    long nowNanos = network.nowNanos();
    freeNanos = Math.max(freeNanos, nowNanos) + serialisationNanos(datagram);
    long cycle = powerCycle;
    network.after(
        freeNanos - nowNanos,
        () -> {
          if (cycle == powerCycle) {
            leave(queue.remove());
          }
        });
  }

  private void leave(Queued first) {
    first.path().offer(first.datagram());
    first.port().onLeft(first.datagram().bytes().length);
  }

  private long serialisationNanos(Datagram datagram) {
    if (conditions.nicBitsPerSecond() == 0) {
      return 0;
    }
    long bytes = datagram.bytes().length + Bottleneck.UDP_HEADER_BYTES;
    return bytes * 8_000_000_000L / conditions.nicBitsPerSecond();
  }

  /** The power is gone, and the queue with it. */
  void lose() {
    queue.clear();
    freeNanos = 0;
    powerCycle++;
  }
}
