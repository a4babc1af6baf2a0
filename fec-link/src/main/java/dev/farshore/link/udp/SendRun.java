package dev.farshore.link.udp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Datagrams of equal size to one address, back to back in one buffer, which the kernel cuts apart
 * again as late as it can ({@code UDP_SEGMENT}, udp(7)); only the last may be smaller. Empty
 * between two runs. Owned by the thread of its port.
 */
final class SendRun {

  /** {@code UDP_MAX_SEGMENTS} of the kernels that have the fewest. */
  private static final int MAX_SEGMENTS = 64;

  private static final int MAX_BYTES = 65_000;

  private final DatagramChannel channel;
  private ByteBuf bytes;
  private InetSocketAddress to;
  private int segmentBytes;
  private int segments;
  private boolean ended;

  /** How many the run before this had: the guess for the memory of the next one. */
  private int segmentsBefore;

  SendRun(DatagramChannel channel) {
    this.channel = channel;
  }

  boolean isEmpty() {
    return segments == 0;
  }

  int segments() {
    return segments;
  }

  int bytes() {
    return isEmpty() ? 0 : bytes.readableBytes();
  }

  /** Whether this run has datagrams, and of that size. */
  boolean isOfSize(int size) {
    return !isEmpty() && size == segmentBytes;
  }

  /** Whether a datagram may be the next of this run, which is not empty. */
  boolean takes(InetSocketAddress receiver, int size) {
    return !ended
        && size <= segmentBytes
        && segments < MAX_SEGMENTS
        && bytes.readableBytes() + size <= MAX_BYTES
        && receiver.equals(to);
  }

  void add(InetSocketAddress receiver, ByteBuffer datagram) {
    int size = datagram.remaining();
    if (isEmpty()) {
      to = receiver;
      segmentBytes = size;
      int expected = Math.clamp((long) size * segmentsBefore, size, Math.max(size, MAX_BYTES));
      bytes = channel.alloc().directBuffer(expected);
    }
    bytes.writeBytes(datagram.duplicate());
    segments++;
    ended = size < segmentBytes;
  }

  /** Ends the run: what to write to the channel, with the ownership of its memory. */
  DatagramPacket take() {
    DatagramPacket packet =
        segments == 1
            ? new DatagramPacket(bytes, to)
            : new SegmentedDatagramPacket(bytes, segmentBytes, to);
    clear();
    return packet;
  }

  void drop() {
    if (!isEmpty()) {
      bytes.release();
      clear();
    }
  }

  private void clear() {
    segmentsBefore = segments;
    bytes = null;
    segments = 0;
    ended = false;
  }
}
