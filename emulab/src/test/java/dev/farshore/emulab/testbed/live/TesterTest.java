package dev.farshore.emulab.testbed.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A tester at a primary that blocks. */
@Timeout(60)
class TesterTest {
  private static final long NBD_MAGIC = 0x4e42444d41474943L;
  private static final long OPTION_MAGIC = 0x49484156454f5054L;
  private static final long OPTION_REPLY_MAGIC = 0x0003e889045565a9L;
  private static final int REQUEST_BYTES = 28 + 4096;

  @TempDir private Path directory;

  /** Agrees to serve an export, takes one request, and says nothing more. */
  private static void serve(
      ServerSocketChannel listener, CountDownLatch blocked, CountDownLatch end)
      throws IOException, InterruptedException {
    try (SocketChannel channel = listener.accept()) {
      DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
      DataOutputStream out = new DataOutputStream(Channels.newOutputStream(channel));
      out.writeLong(NBD_MAGIC);
      out.writeLong(OPTION_MAGIC);
      out.writeShort(3);
      in.readInt();
      in.readLong();
      int option = in.readInt();
      in.readNBytes(in.readInt());
      out.writeLong(OPTION_REPLY_MAGIC);
      out.writeInt(option);
      out.writeInt(1);
      out.writeInt(0);
      in.readNBytes(REQUEST_BYTES);
      blocked.countDown();
      end.await();
    }
  }

  @Test
  void aPrimaryThatBlocksForGoodFailsTheRunByTheNamesOfThoseThatWait() throws Exception {
    Path exports = directory.resolve("nbd");
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    CompletableFuture<IOException> failed = new CompletableFuture<>();
    Load load = new Load();
    Tester tester = new Tester(new Tester.Place(0, 3, 4096), 1, load, 0, failed::complete);
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(exports));
      CompletableFuture<Void> server =
          CompletableFuture.runAsync(
              () -> {
                try {
                  serve(listener, blocked, end);
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      tester.start(exports);
      blocked.await();
      load.end();
      IOException late =
          assertThrows(
              IOException.class, () -> Tester.join(List.of(tester), Duration.ofMillis(50)));
      assertTrue(late.getMessage().contains("tester-0-3"), late.getMessage());
      end.countDown();
      server.get();
      Tester.join(List.of(tester), Duration.ofMinutes(1));
      assertTrue(failed.get().getMessage().contains("a tester of"), "its server is gone");
      assertEquals(0, tester.acknowledged());
    } finally {
      tester.close();
    }
  }
}
