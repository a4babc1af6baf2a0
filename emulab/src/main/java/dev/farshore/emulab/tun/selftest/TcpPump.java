package dev.farshore.emulab.tun.selftest;

import dev.farshore.emulab.tun.TunSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Pushes as many bytes through one TCP connection as the kernels at both ends will carry. */
public final class TcpPump {

  private static final int PORT = 4_702;
  private static final int BUFFER_BYTES = 256 << 10;

  private TcpPump() {}

  /**
   * @param warmUpNanos that does not count
   * @param nanos that counts
   * @return bits of payload that arrived in a second
   */
  public static double run(TunSettings.End from, TunSettings.End to, long warmUpNanos, long nanos)
      throws IOException {
    return run(from, to, warmUpNanos, nanos, measuring -> {});
  }

  /** Told with true before the time that counts, with false after it; bytes wait meanwhile. */
  public interface Observer {
    void measuring(boolean begins) throws IOException;
  }

  /**
   * @param warmUpNanos that does not count
   * @param nanos that counts
   * @return bits of payload that arrived in a second
   */
  public static double run(
      TunSettings.End from, TunSettings.End to, long warmUpNanos, long nanos, Observer observer)
      throws IOException {
    Pushing pushing = new Pushing();
    try (ServerSocketChannel listener =
            to.namespace().in(() -> ServerSocketChannel.open(StandardProtocolFamily.INET));
        SocketChannel source =
            from.namespace().in(() -> SocketChannel.open(StandardProtocolFamily.INET))) {
      listener.bind(new InetSocketAddress(to.address(), PORT));
      source.connect(listener.getLocalAddress());
      try (SocketChannel sink = listener.accept()) {
        pushing.start(source);
        count(sink, System.nanoTime() + warmUpNanos);
        observer.measuring(true);
        long startNanos = System.nanoTime();
        long bytes = count(sink, startNanos + nanos);
        double rate = bytes * Byte.SIZE / ((System.nanoTime() - startNanos) * 1e-9);
        observer.measuring(false);
        return rate;
      }
    } finally {
      pushing.join();
    }
  }

  /** Writes until its channel is closed. */
  private static final class Pushing {

    private Thread thread;

    void start(SocketChannel target) {
      thread = Thread.ofPlatform().name("tcp-pump").daemon().start(() -> push(target));
    }

    void join() throws IOException {
      if (thread != null) {
        UdpProbe.join(thread);
      }
    }

    private static void push(SocketChannel target) {
      ByteBuffer bytes = ByteBuffer.allocateDirect(BUFFER_BYTES);
      try {
        while (true) {
          target.write(bytes.clear());
        }
      } catch (IOException ended) {
        // Whichever end was closed first.
        return;
      }
    }
  }

  private static long count(SocketChannel sink, long untilNanos) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(BUFFER_BYTES);
    long count = 0;
    while (System.nanoTime() - untilNanos < 0) {
      int read = sink.read(bytes.clear());
      if (read < 0) {
        throw new IOException("The connection ended too early");
      }
      count += read;
    }
    return count;
  }
}
