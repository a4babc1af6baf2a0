package dev.farshore.tests.bench;

import dev.farshore.emulab.testbed.live.client.NbdConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;

/**
 * Keeps a number of writes under way on one connection, and notes how long each took: from before
 * the request is handed to the socket until its reply has been read. A closed loop: the next write
 * is sent when one was answered, so a stall is counted once for each write that was under way, and
 * what an impatient application would have sent meanwhile is not. Owned by one thread.
 */
final class LatencyClient implements AutoCloseable {
  private static final int BLOCK_BYTES = 4096;
  private static final long LONGEST_NANOS = 60_000_000_000L;
  private static final int DIGITS = 3;

  private final NbdConnection connection;
  private final int blocks;
  private final SplittableRandom random;
  private final byte[] data = new byte[BLOCK_BYTES];

  LatencyClient(InetSocketAddress server, String export, long seed) throws IOException {
    connection = new NbdConnection(server, export);
    blocks = Math.toIntExact(connection.sizeBytes() / BLOCK_BYTES);
    random = new SplittableRandom(seed);
    random.nextBytes(data);
  }

  static Histogram histogram() {
    return new Histogram(LONGEST_NANOS, DIGITS);
  }

  /** Writes 4 KiB at random places, {@code depth} at a time. */
  Histogram writes(int depth, long nanos) throws IOException {
    Histogram latencies = histogram();
    long[] sent = new long[depth];
    long end = System.nanoTime() + nanos;
    for (int slot = 0; slot < depth; slot++) {
      send(slot, sent);
    }
    connection.push();
    for (int underWay = depth; underWay > 0; ) {
      int slot = receive();
      long now = System.nanoTime();
      latencies.recordValue(Math.min(LONGEST_NANOS, now - sent[slot]));
      if (now - end < 0) {
        send(slot, sent);
        connection.push();
      } else {
        underWay--;
      }
    }
    return latencies;
  }

  /** Writes 4 KiB and flushes, one after the other; what is measured is both. */
  Histogram flushedWrites(long nanos) throws IOException {
    Histogram latencies = histogram();
    long[] sent = new long[1];
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() - end < 0) {
      send(0, sent);
      connection.push();
      receive();
      connection.sendFlush(0);
      connection.push();
      receive();
      latencies.recordValue(Math.min(LONGEST_NANOS, System.nanoTime() - sent[0]));
    }
    return latencies;
  }

  private void send(int slot, long[] sent) throws IOException {
    sent[slot] = System.nanoTime();
    connection.sendWrite(slot, (long) random.nextInt(blocks) * BLOCK_BYTES, data);
  }

  private int receive() throws IOException {
    NbdConnection.Reply reply = connection.receive();
    if (reply.error() != 0) {
      throw new IOException("a write failed with error " + reply.error());
    }
    return (int) reply.cookie();
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
