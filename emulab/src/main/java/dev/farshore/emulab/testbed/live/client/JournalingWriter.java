package dev.farshore.emulab.testbed.live.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Writes blocks at random places, {@code depth} at a time, until it is stopped or the server is
 * gone, and keeps the journal. One thread sends, one reads the replies.
 */
public final class JournalingWriter {
  private final AckJournal journal;
  private final NbdConnection connection;
  private final Semaphore room;
  private final int depth;
  private final SplittableRandom random;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final AtomicReference<Exception> ended = new AtomicReference<>();
  private final Thread sender;
  private final Thread receiver;

  public JournalingWriter(
      AckJournal journal, InetSocketAddress server, String export, int depth, long seed)
      throws IOException {
    this.journal = journal;
    this.connection = new NbdConnection(server, export);
    this.room = new Semaphore(depth);
    this.depth = depth;
    this.random = new SplittableRandom(seed);
    this.sender = Thread.ofPlatform().name("journal-sender").unstarted(this::send);
    this.receiver = Thread.ofPlatform().name("journal-receiver").unstarted(this::receive);
  }

  public void start() {
    sender.start();
    receiver.start();
  }

  private void send() {
    try {
      while (!stopping.get() && ended.get() == null) {
        if (!room.tryAcquire()) {
          connection.push();
          room.acquire();
        }
        int block = random.nextInt(journal.blocks());
        byte[] bytes = journal.nextVersion(block);
        if (bytes.length == 0) {
          room.release();
          continue;
        }
        connection.sendWrite(block, (long) block * journal.blockBytes(), bytes);
      }
      connection.push();
    } catch (IOException | InterruptedException e) {
      ended.compareAndSet(null, e);
    }
  }

  private void receive() {
    try {
      while (true) {
        NbdConnection.Reply reply = connection.receive();
        if (reply.error() != 0) {
          throw new IOException("write failed with error " + reply.error());
        }
        journal.acknowledge((int) reply.cookie());
        room.release();
      }
    } catch (IOException e) {
      ended.compareAndSet(null, e);
      room.release();
    }
  }

  /** Why it ended by itself; empty while it runs. */
  public Optional<Exception> ended() {
    return Optional.ofNullable(ended.get());
  }

  /** Stops sending, waits for the replies that are under way, and closes. */
  public void stop() throws IOException, InterruptedException {
    stopping.set(true);
    sender.join();
    if (ended.get() == null) {
      room.acquire(depth);
    }
    connection.abort();
    receiver.join();
  }

  /** Waits until the server is gone. */
  public void awaitEnd() throws IOException, InterruptedException {
    receiver.join();
    connection.abort();
    sender.interrupt();
    sender.join();
  }
}
