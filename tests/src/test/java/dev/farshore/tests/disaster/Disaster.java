package dev.farshore.tests.disaster;

import dev.farshore.emulab.testbed.wire.WireWatch;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.LossModel;
import dev.farshore.link.model.SimulatedHost;
import dev.farshore.link.model.SimulatedNetwork;
import dev.farshore.link.port.ControlSettings;
import dev.farshore.link.port.DatagramPort;
import dev.farshore.link.session.LinkReceiver;
import dev.farshore.link.session.LinkSender;
import dev.farshore.link.session.LinkSettings;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * One disaster, in virtual time and from a seed, on a link session: 4 KiB records as fast as the
 * link takes them, and what each way of acknowledging had promised at the moment of death.
 */
final class Disaster {
  static final int RECORD_BYTES = 4096;
  private static final long SESSION = 4711;
  private static final long DELAY_NANOS = 25_000_000;
  private static final long CLEAN_NANOS = 100_000_000;
  private static final long LOSSY_NANOS = 500_000_000;
  private static final long DRAIN_NANOS = 2_000_000_000;

  /**
   * What the mirror lacked when it was promoted.
   *
   * @param missingLocal records that {@code local} had acknowledged and the mirror lacks
   * @param missing the same for {@code network} by coverage level, 0 first
   * @param recoverable records that the wire let through, directly or by the code, without a gap
   * @param delivered records that the mirror has
   * @param covered records that each level had acknowledged
   * @param lostPackets data packets that the wire lost
   */
  record Outcome(
      long missingLocal,
      long[] missing,
      long recoverable,
      long delivered,
      long[] covered,
      long lostPackets) {

    @Override
    public String toString() {
      return "local "
          + missingLocal
          + ", by level "
          + Arrays.toString(missing)
          + ", delivered "
          + delivered
          + ", recoverable "
          + recoverable
          + ", covered "
          + Arrays.toString(covered)
          + ", lost packets "
          + lostPackets;
    }
  }

  private final SimulatedNetwork network;
  private final SimulatedHost primary;
  private final LinkSender sender;
  private final LinkReceiver receiver;
  private final WireWatch wire = WireWatch.ofTail();
  private final ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES);
  private final int levels;
  private long delivered;
  private long now;

  Disaster(LinkSettings settings, LossModel loss, long seed) {
    LinkConditions clean = LinkConditions.PERFECT.withDelay(DELAY_NANOS);
    network = new SimulatedNetwork(seed, clean, ControlSettings.DEFAULT);
    primary = network.host("primary");
    SimulatedHost mirror = network.host("mirror");
    levels = settings.code().levels();
    DatagramPort out = primary.datagrams(1000, settings.datagramBytes());
    DatagramPort in = mirror.datagrams(1000, settings.datagramBytes());
    sender = new LinkSender(settings, SESSION, out, mirror.address(1000), now);
    receiver = new LinkReceiver(settings, SESSION, in, primary.address(1000), now);
    out.handler((from, datagram) -> sender.onDatagram(datagram, network.nowNanos()));
    in.handler((from, datagram) -> receiver.onDatagram(datagram, network.nowNanos()));
    network.path("primary", "mirror").capture(wire);
    long jitteredClean = CLEAN_NANOS + new SplittableRandom(seed).nextLong(5_000_000);
    run(jitteredClean, true);
    network.path("primary", "mirror").change(clean.withLoss(loss));
    run(now + LOSSY_NANOS, true);
  }

  /** Ends the primary and lets the mirror have what is in flight. */
  Outcome strike() {
    long[] covered = new long[levels + 1];
    for (int level = 0; level <= levels; level++) {
      covered[level] = sender.coveredOffset(level) / RECORD_BYTES;
    }
    long local = sender.offeredOffset() / RECORD_BYTES;
    network.path("primary", "mirror").closeEntrance();
    primary.powerOff();
    run(now + DRAIN_NANOS, false);
    long mirrored = delivered / RECORD_BYTES;
    long[] missing = new long[levels + 1];
    for (int level = 0; level <= levels; level++) {
      missing[level] = Math.max(0, covered[level] - mirrored);
    }
    return new Outcome(
        local - mirrored,
        missing,
        wire.latest().recoverableOffset() / RECORD_BYTES,
        mirrored,
        covered,
        wire.latest().lostPackets());
  }

  private void run(long until, boolean primaryLives) {
    while (now < until) {
      network.poll(now);
      if (primaryLives) {
        while (sender.writableBytes() >= RECORD_BYTES) {
          sender.offer(record.clear());
        }
        sender.poll(now);
      }
      deliver();
      receiver.poll(now);
      network.poll(now);
      long next = Math.min(network.nextDeadlineNanos(), receiver.nextDeadlineNanos());
      if (primaryLives) {
        next = Math.min(next, sender.nextDeadlineNanos());
      }
      now = Math.min(until, Math.max(now + 1000, next));
    }
  }

  private void deliver() {
    ByteBuffer bytes = receiver.peek();
    while (bytes.hasRemaining()) {
      delivered += bytes.remaining();
      receiver.consume(bytes.remaining());
      bytes = receiver.peek();
    }
  }
}
