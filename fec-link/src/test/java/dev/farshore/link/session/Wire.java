package dev.farshore.link.session;

import dev.farshore.link.port.DatagramPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Two ports with a wire between them, in virtual time. What happens to a datagram is the test's to
 * say.
 */
final class Wire {

  /** What becomes of the {@code index}-th datagram of a direction: when it arrives, maybe twice. */
  interface Fate {
    List<Delivery> fate(long index, byte[] datagram, long nowNanos);
  }

  record Delivery(long atNanos, byte[] datagram) {}

  private record InFlight(long atNanos, long serial, End to, byte[] datagram) {}

  static Fate perfect(long delayNanos) {
    return (index, datagram, now) -> List.of(new Delivery(now + delayNanos, datagram));
  }

  /** Loses what {@code lost} says. */
  static Fate losing(long delayNanos, java.util.function.LongPredicate lost) {
    return (index, datagram, now) ->
        lost.test(index) ? List.of() : List.of(new Delivery(now + delayNanos, datagram));
  }

  long nowNanos;
  private long serial;
  private final PriorityQueue<InFlight> inFlight =
      new PriorityQueue<>(
          Comparator.comparingLong(InFlight::atNanos).thenComparingLong(InFlight::serial));
  final End sending;
  final End receiving;

  Wire(long startNanos, int maxDatagramBytes, Fate forward, Fate backward) {
    nowNanos = startNanos;
    sending = new End(address(1), maxDatagramBytes, forward);
    receiving = new End(address(2), maxDatagramBytes, backward);
    sending.other = receiving;
    receiving.other = sending;
  }

  private static InetSocketAddress address(int last) {
    try {
      return new InetSocketAddress(
          InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last}), 7000);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  long nextArrivalNanos() {
    return inFlight.isEmpty() ? Long.MAX_VALUE : inFlight.peek().atNanos();
  }

  /** Delivers what has arrived by now. */
  void deliver() {
    while (!inFlight.isEmpty() && inFlight.peek().atNanos() <= nowNanos) {
      InFlight next = inFlight.poll();
      next.to().handler.onDatagram(next.to().other.address, ByteBuffer.wrap(next.datagram()));
    }
  }

  void clear() {
    inFlight.clear();
  }

  /** One end, with its own queue if {@code queueBytes} is not negative. */
  final class End implements DatagramPort {
    private final InetSocketAddress address;
    private final int maxDatagramBytes;
    Fate fate;
    private End other;
    private Handler handler = (from, datagram) -> {};
    SendOutcome outcome = SendOutcome.SENT;
    long queuedBytes = -1;
    long refusedLater;
    long sentDatagrams;
    long sentBytes;
    final List<byte[]> sent = new ArrayList<>();
    boolean keepSent;

    private End(InetSocketAddress address, int maxDatagramBytes, Fate fate) {
      this.address = address;
      this.maxDatagramBytes = maxDatagramBytes;
      this.fate = fate;
    }

    @Override
    public SendOutcome send(InetSocketAddress to, ByteBuffer datagram) {
      if (outcome != SendOutcome.SENT) {
        return outcome;
      }
      byte[] bytes = new byte[datagram.remaining()];
      datagram.duplicate().get(bytes);
      if (keepSent) {
        sent.add(bytes);
      }
      for (Delivery delivery : fate.fate(sentDatagrams, bytes, nowNanos)) {
        inFlight.add(new InFlight(delivery.atNanos(), serial++, other, delivery.datagram()));
      }
      sentDatagrams++;
      sentBytes += bytes.length + 28;
      return SendOutcome.SENT;
    }

    @Override
    public void flush() {}

    @Override
    public long queuedBytes() {
      return queuedBytes;
    }

    @Override
    public long takenBytes() {
      return sentBytes - 28 * sentDatagrams;
    }

    @Override
    public long refusedLater() {
      return refusedLater;
    }

    @Override
    public int maxDatagramBytes() {
      return maxDatagramBytes;
    }

    @Override
    public InetSocketAddress localAddress() {
      return address;
    }

    @Override
    public void handler(Handler newHandler) {
      handler = newHandler;
    }

    @Override
    public void writableListener(Runnable listener) {}

    @Override
    public void close() {}
  }
}
