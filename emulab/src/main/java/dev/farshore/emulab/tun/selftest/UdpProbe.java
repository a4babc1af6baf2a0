package dev.farshore.emulab.tun.selftest;

import dev.farshore.emulab.tun.TunSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends numbered datagrams from one end of a link to the other at a steady pace, and notes when
 * each arrived. Both ends read the same clock.
 */
public final class UdpProbe {

  /** IPv4 and UDP. */
  public static final int HEADER_BYTES = 28;

  private static final int PORT = 4_701;
  private static final int STAMP_BYTES = Integer.BYTES + Long.BYTES;
  private static final int BUFFER_BYTES = 4 << 20;
  private static final int MAX_PAYLOAD_BYTES = 65_507;
  private static final long LONGEST_PAUSE_NANOS = 50_000;
  private static final long WAIT_MILLIS = 10;
  private static final long NEVER = Long.MIN_VALUE;

  /**
   * What arrived.
   *
   * @param delays of each datagram in the order of sending, in nanoseconds, of its first copy; -1
   *     if it never came
   * @param arrivals of everything in the order of arrival, copies as well, in nanoseconds after the
   *     first was sent
   */
  public record Trace(long[] delays, long[] arrivals) {

    /** How many of them came. */
    public long received() {
      return Arrays.stream(delays).filter(delay -> delay >= 0).count();
    }

    /**
     * @param share 0.5 for the median
     * @return nanoseconds, of those that came
     */
    public long delayAt(double share) {
      long[] sorted = Arrays.stream(delays).filter(delay -> delay >= 0).sorted().toArray();
      if (sorted.length == 0) {
        throw new IllegalStateException("Nothing arrived");
      }
      return sorted[(int) Math.min(sorted.length - 1, (long) (share * sorted.length))];
    }

    /** The longest time without an arrival, in nanoseconds. */
    public long longestGapNanos() {
      long longest = 0;
      for (int i = 1; i < arrivals.length; i++) {
        longest = Math.max(longest, arrivals[i] - arrivals[i - 1]);
      }
      return longest;
    }
  }

  /** Waits. */
  @FunctionalInterface
  public interface Drain {
    void await();

    static Drain of(long nanos) {
      return () -> pause(nanos);
    }
  }

  private final DatagramChannel sender;
  private final DatagramChannel receiver;
  private final int payloadBytes;
  private final long[] sentNanos;
  private final long[] delays;
  private final long[] arrivedNanos;
  private int arrived;
  private volatile boolean allSent;

  private UdpProbe(DatagramChannel sender, DatagramChannel receiver, int payloadBytes, int count) {
    this.sender = sender;
    this.receiver = receiver;
    this.payloadBytes = payloadBytes;
    sentNanos = new long[count];
    delays = new long[count];
    arrivedNanos = new long[2 * count];
    Arrays.fill(sentNanos, NEVER);
    Arrays.fill(delays, -1);
  }

  /**
   * @param payloadBytes of each datagram, at least 12
   * @param count how many
   * @param packetsPerSecond the pace
   * @param drain waits, after the last was sent, until the link has handed on what it will
   */
  public static Trace run(
      TunSettings.End from,
      TunSettings.End to,
      int payloadBytes,
      int count,
      double packetsPerSecond,
      Drain drain)
      throws IOException {
    try (DatagramChannel receiver = open(to);
        DatagramChannel sender = open(from)) {
      receiver.bind(new InetSocketAddress(to.address(), PORT));
      sender.connect(receiver.getLocalAddress());
      UdpProbe probe = new UdpProbe(sender, receiver, payloadBytes, count);
      Thread listening = Thread.ofPlatform().name("udp-probe").daemon().start(probe::receive);
      probe.send(packetsPerSecond);
      drain.await();
      probe.allSent = true;
      join(listening);
      return probe.trace();
    }
  }

  private static DatagramChannel open(TunSettings.End end) throws IOException {
    boolean ipv6 = new InetSocketAddress(end.address(), PORT).getAddress() instanceof Inet6Address;
    StandardProtocolFamily family =
        ipv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    DatagramChannel channel = end.namespace().in(() -> DatagramChannel.open(family));
    channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
    channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER_BYTES);
    return channel;
  }

  private void send(double packetsPerSecond) throws IOException {
    ByteBuffer datagram = ByteBuffer.allocateDirect(payloadBytes);
    double gapNanos = 1e9 / packetsPerSecond;
    long startNanos = System.nanoTime();
    for (int i = 0; i < sentNanos.length; i++) {
      long dueNanos = startNanos + (long) (i * gapNanos);
      for (long wait = dueNanos - System.nanoTime();
          wait > 0;
          wait = dueNanos - System.nanoTime()) {
        LockSupport.parkNanos(Math.min(wait, LONGEST_PAUSE_NANOS));
      }
      sentNanos[i] = System.nanoTime();
      datagram.clear().putInt(i).putLong(sentNanos[i]).position(payloadBytes).flip();
      sender.write(datagram);
    }
  }

  /** Until nothing has come for a while after all that was sent had been handed on. */
  private void receive() {
    ByteBuffer datagram = ByteBuffer.allocateDirect(MAX_PAYLOAD_BYTES);
    try (Selector selector = Selector.open()) {
      receiver.configureBlocking(false);
      receiver.register(selector, SelectionKey.OP_READ);
      boolean last = false;
      while (!last) {
        last = allSent;
        selector.select(WAIT_MILLIS);
        selector.selectedKeys().clear();
        while (receiver.receive(datagram.clear()) != null) {
          note(datagram.flip(), System.nanoTime());
          last = false;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void note(ByteBuffer datagram, long nowNanos) {
    if (datagram.remaining() < STAMP_BYTES) {
      return;
    }
    int number = datagram.getInt();
    long sent = datagram.getLong();
    if (number >= 0 && number < delays.length && arrived < arrivedNanos.length) {
      arrivedNanos[arrived++] = nowNanos;
      if (delays[number] < 0) {
        delays[number] = nowNanos - sent;
      }
    }
  }

  private Trace trace() {
    long[] arrivals = new long[arrived];
    for (int i = 0; i < arrived; i++) {
      arrivals[i] = arrivedNanos[i] - sentNanos[0];
    }
    return new Trace(delays, arrivals);
  }

  static void pause(long nanos) {
    long endNanos = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = endNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  static void join(Thread thread) throws IOException {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", e);
    }
  }
}
