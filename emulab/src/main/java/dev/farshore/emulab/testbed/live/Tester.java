package dev.farshore.emulab.testbed.live;

import dev.farshore.emulab.testbed.live.client.NbdConnection;
import dev.farshore.emulab.testbed.live.client.SelfNamingBlock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * Writes requests one after the other into a part of a volume, round and round, with one
 * outstanding. Every 4 KiB names itself, so that what is there afterwards tells which request it is
 * of. A thread of its own; what it counted may be asked when the thread has ended.
 */
final class Tester {
  static final int BLOCK_BYTES = 4096;
  static final long LONGEST_MICROS = 600_000_000;
  static final int DIGITS = 3;

  private static final long PART_BYTES = 16 << 20;
  private static final int LEAST_SLOTS = 8;
  private static final int READ_BYTES = 1 << 20;

  private final Place place;
  private final long seed;
  private final Load load;
  private final long pauseNanos;
  private final Histogram latency = histogram();
  private final Thread thread;
  private final ByteBuffer request;
  private NbdConnection connection;
  private final List<Long> lastAnswers = new ArrayList<>();
  private volatile long answeredRequests;
  private long measured;

  /**
   * Where it writes.
   *
   * @param group number of the group, from 0
   * @param part of the volume, from 0
   */
  record Place(int group, int part, int requestBytes) {
    Place {
      if (requestBytes < BLOCK_BYTES || requestBytes % BLOCK_BYTES != 0) {
        throw new IllegalArgumentException(
            "a request of " + requestBytes + " bytes is no multiple of " + BLOCK_BYTES);
      }
    }

    /** Requests that a part holds. */
    int slots() {
      return slots(requestBytes);
    }

    private static int slots(int requestBytes) {
      return (int) Math.max(LEAST_SLOTS, PART_BYTES / requestBytes);
    }

    /** Of a part of a volume. */
    static long bytes(int requestBytes) {
      return (long) slots(requestBytes) * requestBytes;
    }

    private long offset(int slot) {
      return part * bytes(requestBytes) + (long) slot * requestBytes;
    }
  }

  /**
   * @param failed told on the tester's thread if a write fails while no loss is expected
   */
  Tester(Place place, long seed, Load load, long pauseNanos, Consumer<IOException> failed) {
    this.place = place;
    this.seed = seed;
    this.load = load;
    this.pauseNanos = pauseNanos;
    this.request = ByteBuffer.allocate(place.requestBytes());
    this.thread =
        Thread.ofPlatform()
            .name("tester-" + place.group() + "-" + place.part())
            .daemon()
            .unstarted(() -> run(failed));
  }

  static Histogram histogram() {
    return new Histogram(LONGEST_MICROS, DIGITS);
  }

  int group() {
    return place.group();
  }

  void start(Path exports) throws IOException {
    connection = new NbdConnection(exports, SiteFiles.volume(place.group()));
    thread.start();
  }

  private void run(Consumer<IOException> failed) {
    try {
      while (!load.isEnding()) {
        write(answeredRequests);
        if (pauseNanos > 0) {
          LockSupport.parkNanos(pauseNanos);
        }
      }
    } catch (IOException e) {
      if (!load.isLossExpected()) {
        failed.accept(
            new IOException(
                "a tester of " + SiteFiles.group(place.group()) + ": " + e.getMessage(), e));
      }
    }
  }

  private void write(long number) throws IOException {
    int slot = (int) (number % place.slots());
    long version = number / place.slots() + 1;
    fill(slot, version);
    long begun = System.nanoTime();
    connection.sendWrite(number, place.offset(slot), request.array());
    connection.push();
    NbdConnection.Reply reply = connection.receive();
    long answered = System.nanoTime();
    if (reply.error() != 0) {
      throw new IOException("a write failed with error " + reply.error());
    }
    answeredRequests = number + 1;
    if (load.isLossExpected()) {
      lastAnswers.add(answered);
    }
    if (load.isMeasured(answered)) {
      measured++;
      latency.recordValue(Math.min(LONGEST_MICROS, (answered - begun) / 1000));
    }
  }

  private void fill(int slot, long version) {
    int blocks = place.requestBytes() / BLOCK_BYTES;
    for (int i = 0; i < blocks; i++) {
      SelfNamingBlock.fill(
          seed, (long) slot * blocks + i, version, request.slice(i * BLOCK_BYTES, BLOCK_BYTES));
    }
  }

  /**
   * Waits for the end of all: after the reply that is under way, or when the server is gone.
   *
   * @throws IOException if it does not come in time, with the names of those that wait
   */
  static void join(List<Tester> testers, Duration patience)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    List<String> waiting = new ArrayList<>();
    for (Tester tester : testers) {
      long left = Math.max(0, patience.toNanos() - (System.nanoTime() - begun));
      if (!tester.thread.join(Duration.ofNanos(left))) {
        waiting.add(tester.thread.getName());
      }
    }
    if (!waiting.isEmpty()) {
      throw new IOException(
          "the primary did not answer the last request of %s within %d s"
              .formatted(String.join(", ", waiting), patience.toSeconds()));
    }
  }

  /** Ends the connection; the thread ends with it. */
  void close() {
    try {
      if (connection != null) {
        connection.abort();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Requests that were answered before the site was lost; at the end of a run without a loss all.
   */
  long acknowledged() {
    return answeredRequests - lastAnswers.stream().filter(load::isTooLate).count();
  }

  /** Of them, in the measured time. */
  long measured() {
    return measured;
  }

  /** Of the measured requests, in microseconds. */
  Histogram latency() {
    return latency;
  }

  /**
   * Reads its part, and counts the answered requests that are not there, whole or in part.
   *
   * @throws IllegalStateException if a request is there and an earlier one is not: then the mirror
   *     is no prefix of what was written
   */
  long missing(Path exports) throws IOException {
    try (NbdConnection reading = new NbdConnection(exports, SiteFiles.volume(place.group()))) {
      long[] versions = versions(reading);
      long acknowledged = acknowledged();
      long present = 0;
      while (isThere(present, versions)) {
        present++;
      }
      for (long later = present + 1; later <= acknowledged; later++) {
        if (isThere(later, versions)) {
          throw new IllegalStateException(
              "%s: the mirror has request %d of %s and not request %d"
                  .formatted(SiteFiles.group(place.group()), later, thread.getName(), present));
        }
      }
      return Math.max(0, acknowledged - present);
    }
  }

  private boolean isThere(long number, long[] versions) {
    return versions[(int) (number % place.slots())] >= number / place.slots() + 1;
  }

  /** For each slot the version that all of it has at least; 0 where there is something else. */
  private long[] versions(NbdConnection reading) throws IOException {
    int blocks = place.requestBytes() / BLOCK_BYTES;
    int atOnce = Math.max(1, READ_BYTES / place.requestBytes());
    long[] versions = new long[place.slots()];
    for (int first = 0; first < versions.length; first += atOnce) {
      int count = Math.min(atOnce, versions.length - first);
      byte[] bytes = reading.read(place.offset(first), count * place.requestBytes());
      for (int i = 0; i < count; i++) {
        versions[first + i] = version(first + i, blocks, bytes, i * place.requestBytes());
      }
    }
    return versions;
  }

  private long version(int slot, int blocks, byte[] bytes, int from) {
    long least = Long.MAX_VALUE;
    for (int block = 0; block < blocks; block++) {
      int start = from + block * BLOCK_BYTES;
      byte[] one = Arrays.copyOfRange(bytes, start, start + BLOCK_BYTES);
      OptionalLong version = SelfNamingBlock.version(seed, (long) slot * blocks + block, one);
      least = Math.min(least, version.orElse(0));
    }
    return least;
  }
}
