package dev.farshore.link.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.ByteBuffer;

/**
 * A sender and a receiver on a {@link Wire}, stepped in virtual time. The stream's byte at offset i
 * is a function of i, so the receiver's side checks every byte; watermarks are checked after every
 * step.
 */
final class Session {

  static final long SESSION_ID = 0x5eed_0001L;

  final Wire wire;
  final LinkSettings settings;
  final LinkSender sender;
  final LinkReceiver receiver;
  long offered;
  long consumed;
  long steps;
  boolean consuming = true;
  boolean senderAlive = true;
  private final long[] watermarks;

  Session(LinkSettings settings, Wire wire) {
    this.settings = settings;
    this.wire = wire;
    this.sender =
        new LinkSender(
            settings, SESSION_ID, wire.sending, wire.receiving.localAddress(), wire.nowNanos);
    this.receiver =
        new LinkReceiver(
            settings, SESSION_ID, wire.receiving, wire.sending.localAddress(), wire.nowNanos);
    wire.sending.handler(
        (from, datagram) -> {
          if (senderAlive) {
            sender.onDatagram(datagram, wire.nowNanos);
          }
        });
    wire.receiving.handler((from, datagram) -> receiver.onDatagram(datagram, wire.nowNanos));
    this.watermarks = new long[settings.code().levels() + 2];
  }

  static byte byteAt(long offset) {
    long x = offset * 0x9e3779b97f4a7c15L;
    return (byte) (x >>> 56 ^ x >>> 29);
  }

  /** Offers up to that many bytes, as the window allows; returns how many. */
  int offer(int bytes) {
    int length = Math.min(bytes, sender.writableBytes());
    ByteBuffer buffer = ByteBuffer.allocate(length);
    for (int i = 0; i < length; i++) {
      buffer.put(byteAt(offered + i));
    }
    offered += length;
    assertEquals(offered, sender.offer(buffer.flip()));
    return length;
  }

  /** Does what is due now. */
  void step() {
    steps++;
    wire.deliver();
    if (senderAlive) {
      sender.poll(wire.nowNanos);
      checkWatermarks();
    }
    if (consuming) {
      consume();
    }
    receiver.poll(wire.nowNanos);
  }

  void consume() {
    ByteBuffer bytes = receiver.peek();
    while (bytes.hasRemaining()) {
      int length = bytes.remaining();
      for (int i = 0; i < length; i++) {
        if (bytes.get(i) != byteAt(consumed + i)) {
          fail("wrong byte at stream offset " + (consumed + i));
        }
      }
      receiver.consume(length);
      consumed += length;
      bytes = receiver.peek();
    }
  }

  private void checkWatermarks() {
    int levels = settings.code().levels();
    long above = offered;
    for (int level = 0; level <= levels; level++) {
      long covered = sender.coveredOffset(level);
      assertTrue(covered <= above, "level " + level + " covers more than the level below");
      assertTrue(covered >= watermarks[level], "covered went backwards at level " + level);
      watermarks[level] = covered;
      above = covered;
    }
    assertEquals(sender.sentOffset(), sender.coveredOffset(0));
    long acknowledged = sender.acknowledgedOffset();
    assertTrue(acknowledged >= watermarks[levels + 1] && acknowledged <= sender.sentOffset());
    watermarks[levels + 1] = acknowledged;
  }

  /** Moves time to the next event, but not beyond {@code limit}. */
  void advance(long limit) {
    long next = Math.min(limit, wire.nextArrivalNanos());
    if (senderAlive) {
      next = Math.min(next, sender.nextDeadlineNanos());
    }
    next = Math.min(next, receiver.nextDeadlineNanos());
    wire.nowNanos = Math.max(wire.nowNanos, next);
  }

  void runFor(long nanos) {
    runUntil(wire.nowNanos + nanos);
  }

  void runUntil(long end) {
    step();
    long stuck = 0;
    while (wire.nowNanos < end) {
      long before = wire.nowNanos;
      advance(end);
      stuck = wire.nowNanos == before ? stuck + 1 : 0;
      assertTrue(stuck < 10_000, "work that is never done at " + before);
      step();
    }
  }

  /** Offers {@code total} bytes and runs until all were consumed and acknowledged. */
  void transfer(long total, long limitNanos) {
    long end = wire.nowNanos + limitNanos;
    long goal = offered + total;
    while (sender.acknowledgedOffset() < goal) {
      if (offered < goal) {
        offer((int) Math.min(goal - offered, Integer.MAX_VALUE));
      }
      step();
      assertTrue(
          wire.nowNanos < end, () -> "only %d of %d bytes arrived".formatted(consumed, goal));
      advance(end);
    }
    assertEquals(goal, consumed);
  }
}
