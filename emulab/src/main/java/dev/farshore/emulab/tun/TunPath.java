package dev.farshore.emulab.tun;

import dev.farshore.emulab.wan.Direction;
import dev.farshore.emulab.wan.Lateness;
import dev.farshore.emulab.wan.WanReport;
import dev.farshore.emulab.wan.Way;
import dev.farshore.link.model.Damage;
import dev.farshore.link.model.LinkModel;
import dev.farshore.link.model.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * One direction: takes what programs send through one device, and hands it to the other when its
 * {@link LinkModel} says. Makes no objects for a packet. Owned by the thread of its loop.
 */
final class TunPath {

  /** Packets taken before what is due is handed on again. */
  private static final int BATCH = 64;

  /** More than a device's queue holds: a source that goes on sending does not keep it open. */
  private static final int MOST_BATCHES_LEFT = 2 * TunDevice.TRANSMIT_QUEUE_PACKETS / BATCH;

  private static final long MAX_BYTES = 1L << 30;
  private static final int IPV4 = 4;
  private static final int IPV6 = 6;

  private final Direction direction;
  private final TunDevice source;
  private final TunDevice target;
  private final SystemCalls calls;
  private final int mtu;
  private final Wire<Frame> wire;
  private final Way<Frame> way;
  private final FramePool frames;
  private final Lateness lateness = new Lateness();
  private final ByteBuffer damaged;
  private final MemorySegment damagedMemory;

  /** Made once: a method reference at the place of its use may be made anew each time. */
  private final Wire.Exit<Frame> exit = this::handOn;

  private boolean readable = true;
  private int moved;
  private long notSent;
  private long noMemory;
  private long tooLong;
  private long unrecognisable;

  TunPath(
      Direction direction,
      TunDevice source,
      TunDevice target,
      SystemCalls calls,
      int mtu,
      LinkModel model) {
    this.direction = direction;
    this.source = source;
    this.target = target;
    this.calls = calls;
    this.mtu = mtu;
    wire = new Wire<>(model);
    way = new Way<>(wire);
    frames = new FramePool(mtu, MAX_BYTES);
    damaged = ByteBuffer.allocateDirect(mtu);
    damagedMemory = MemorySegment.ofBuffer(damaged);
  }

  Direction direction() {
    return direction;
  }

  /** To poll on, for {@link #readable}. */
  int sourceDescriptor() {
    return source.descriptor();
  }

  /** There may be something to take. */
  void readable() {
    readable = true;
  }

  boolean isReadable() {
    return readable;
  }

  /**
   * Hands on what is due, then takes what has come, a batch at most.
   *
   * @return how many packets were taken and handed on
   * @throws UncheckedIOException if somebody took the device away
   */
  int step() {
    moved = 0;
    handOnDue();
    if (readable) {
      readable = take();
      handOnDue();
    }
    return moved;
  }

  /** When the next packet is due; {@code Long.MAX_VALUE} if none is on the way. */
  long nextNanos() {
    return wire.nextArrivalNanos();
  }

  /** Returns whether there may be more. */
  private boolean take() {
    for (int i = 0; i < BATCH; i++) {
      Frame frame = frames.take();
      MemorySegment memory = frame == null ? damagedMemory : frame.memory();
      int bytes = source.read(calls, memory);
      if (bytes < 0) {
        giveBack(frame);
        refuseUnless(bytes == SystemCalls.TRY_AGAIN || bytes == SystemCalls.INTERRUPTED, bytes);
        return false;
      }
      moved++;
      if (frame == null) {
        noMemory++;
      } else if (bytes > mtu) {
        tooLong++;
        frames.giveBack(frame);
      } else {
        frame.hold(bytes);
        if (!wire.offer(frame, bytes, System.nanoTime())) {
          frames.giveBack(frame);
        }
      }
    }
    return true;
  }

  private void giveBack(Frame frame) {
    if (frame != null) {
      frames.giveBack(frame);
    }
  }

  private void refuseUnless(boolean expected, int error) {
    if (!expected) {
      throw new UncheckedIOException(
          new IOException(
              "The device "
                  + source.name()
                  + " of "
                  + source.namespace().name()
                  + " is gone: error "
                  + -error));
    }
  }

  private void handOnDue() {
    long dueNanos = wire.nextArrivalNanos();
    while (dueNanos != Long.MAX_VALUE) {
      long nowNanos = System.nanoTime();
      if (dueNanos - nowNanos > 0) {
        return;
      }
      lateness.record(nowNanos - dueNanos);
      wire.deliver(nowNanos, exit);
      moved++;
      dueNanos = wire.nextArrivalNanos();
    }
  }

  private void handOn(Frame frame, Damage damage, boolean last) {
    MemorySegment memory = frame.memory();
    int bytes = frame.bytes();
    if (!damage.isNone()) {
      MemorySegment.copy(memory, 0, damagedMemory, 0, bytes);
      damage.applyTo(damaged.position(0).limit(bytes));
      memory = damagedMemory;
      bytes = damaged.limit();
    }
    if (isRecognisable(memory, bytes)) {
      if (target.write(calls, memory, bytes) != bytes) {
        notSent++;
      }
    } else {
      unrecognisable++;
    }
    if (last) {
      frames.giveBack(frame);
    }
  }

  /**
   * Whether the kernel can tell what it is; otherwise it would count it as dropped by the device.
   */
  private static boolean isRecognisable(MemorySegment packet, int bytes) {
    if (bytes == 0) {
      return false;
    }
    int version = packet.get(ValueLayout.JAVA_BYTE, 0) >>> 4;
    return version == IPV4 || version == IPV6;
  }

  /**
   * Opens or closes the entrance. What the source's kernel has handed to the device has left its
   * host, although it may not have been read yet: it still enters before the entrance closes.
   *
   * @throws UncheckedIOException if somebody took the device away
   */
  void entrance(boolean open) {
    for (int i = 0; !open && i < MOST_BATCHES_LEFT && take(); i++) {
      handOnDue();
    }
    way.entrance(open);
  }

  /** Closes the entrance; what is queued or in flight is lost. */
  void sever() {
    way.sever(frames::giveBack);
  }

  /** What orders are carried out on that need no more than the wire. */
  Way<Frame> way() {
    return way;
  }

  TunReport.OneWay report(String conditions) {
    WanReport.Udp packets =
        new WanReport.Udp(
            wire.model().isEntranceOpen(),
            wire.model().counters(),
            wire.inFlight(),
            new WanReport.Faults(0, noMemory, notSent, 0));
    return new TunReport.OneWay(
        direction,
        source.namespace().name(),
        target.namespace().name(),
        conditions,
        packets,
        new TunReport.Faults(
            source.counters(calls).leftDropped(),
            target.counters(calls).enteredDropped(),
            tooLong,
            unrecognisable),
        new TunReport.Late(
            lateness.atPercentile(50), lateness.atPercentile(99), lateness.atPercentile(100)));
  }
}
