package dev.farshore.emulab.flow;

import dev.farshore.emulab.tun.Namespace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * Looks at a connection twice a second, and when it begins and ends to count; on a thread of its
 * own, for the one that counts must go on reading. Its methods are of one thread.
 */
final class SocketWatch implements AutoCloseable {
  /** The connection, and all processors at that time. */
  record Look(SocketFacts socket, ProcessorTimes processors) {}

  private static final long EVERY_MILLIS = 500;

  private final Namespace namespace;
  private final String peer;
  private final CountDownLatch over = new CountDownLatch(1);
  private final FutureTask<List<Look>> looking = new FutureTask<>(this::look);

  /**
   * @param peer address that the connection goes to, the only one
   */
  SocketWatch(Namespace namespace, String peer) {
    this.namespace = namespace;
    this.peer = peer;
  }

  void begin() {
    Thread.ofPlatform().name("socket-watch").daemon().start(looking);
  }

  private Look now() throws IOException {
    return new Look(SocketFacts.of(namespace, peer), ProcessorTimes.now());
  }

  private List<Look> look() throws IOException, InterruptedException {
    List<Look> looks = new ArrayList<>();
    do {
      looks.add(now());
    } while (!over.await(EVERY_MILLIS, TimeUnit.MILLISECONDS));
    looks.add(now());
    return looks;
  }

  /** Looks once more, and returns when that is done: the connection must live as long. */
  void end() throws IOException {
    over.countDown();
    looks();
  }

  List<Look> looks() throws IOException {
    try {
      return looking.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while a connection was asked", e);
    }
  }

  /** Ends the thread, if it was not yet. */
  @Override
  public void close() {
    over.countDown();
  }
}
