package dev.farshore.tests.client;

import dev.farshore.emulab.testbed.live.client.AckJournal;
import dev.farshore.emulab.testbed.live.client.JournalingWriter;
import dev.farshore.emulab.testbed.live.client.NbdConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * The client on a command line.
 *
 * <pre>
 *   JournalClient write  HOST:PORT EXPORT JOURNAL SECONDS DEPTH BLOCKS SEED
 *   JournalClient verify HOST:PORT EXPORT JOURNAL
 * </pre>
 *
 * <p>{@code write} ends after the time, or earlier when the server is gone, and saves the journal
 * either way. {@code verify} exits with 1 if a block does not hold what was acknowledged.
 */
public final class JournalClient {
  private static final int BLOCK_BYTES = 4096;
  private static final int MAX_LINES = 20;

  private JournalClient() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    switch (args.length == 0 ? "" : args[0]) {
      case "write" -> write(args);
      case "verify" -> verify(args);
      default -> {
        System.err.println(
            "usage: write HOST:PORT EXPORT JOURNAL SECONDS DEPTH BLOCKS SEED"
                + " | verify HOST:PORT EXPORT JOURNAL");
        System.exit(2);
      }
    }
  }

  private static void write(String[] args) throws IOException, InterruptedException {
    long millis = (long) (Double.parseDouble(args[4]) * 1000);
    AckJournal journal =
        new AckJournal(Long.parseLong(args[7]), Integer.parseInt(args[6]), BLOCK_BYTES);
    JournalingWriter writer =
        new JournalingWriter(
            journal, address(args[1]), args[2], Integer.parseInt(args[5]), Long.parseLong(args[7]));
    long begun = System.nanoTime();
    Thread timer = Thread.ofPlatform().daemon().start(() -> stopAfter(writer, millis));
    writer.start();
    writer.awaitEnd();
    timer.interrupt();
    journal.save(Path.of(args[3]));
    double seconds = (System.nanoTime() - begun) / 1e9;
    long bytes = journal.acknowledgedWrites() * BLOCK_BYTES;
    System.out.printf(
        "acknowledged %d writes in %.1f s, %.1f MB/s%n",
        journal.acknowledgedWrites(), seconds, bytes / seconds / 1e6);
  }

  private static void stopAfter(JournalingWriter writer, long millis) {
    try {
      Thread.sleep(millis);
      writer.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      System.err.println("stopping: " + e.getMessage());
    }
  }

  private static void verify(String[] args) throws IOException {
    try (NbdConnection connection = new NbdConnection(address(args[1]), args[2])) {
      AckJournal journal = AckJournal.load(Path.of(args[3]));
      List<String> wrong = journal.verify(connection);
      wrong.stream().limit(MAX_LINES).forEach(System.out::println);
      System.out.println(
          wrong.isEmpty()
              ? "every acknowledged write is there"
              : wrong.size() + " blocks are wrong");
      if (!wrong.isEmpty()) {
        System.exit(1);
      }
    }
  }

  private static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    return new InetSocketAddress(
        text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }
}
