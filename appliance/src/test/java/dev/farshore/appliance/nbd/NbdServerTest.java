package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.appliance.export.FixedDirectory;
import dev.farshore.appliance.export.MemoryExport;
import dev.farshore.appliance.nbd.ServerBytes.Reply;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server on real sockets: its addresses, its transports, its end. */
@Timeout(LoopbackServer.WATCHDOG_SECONDS)
class NbdServerTest {

  private static final long SIZE = 64L << 20;
  private final MemoryExport memory = new MemoryExport("m", SIZE);

  @TempDir private Path directory;

  private LoopbackServer serve(SocketAddress... addresses) {
    return new LoopbackServer(FixedDirectory.of(memory), NbdLimits.DEFAULT, addresses);
  }

  /** Writes and reads back payloads that come in every way that the receiver knows. */
  private static void exercise(SocketAddress address) throws IOException {
    Random random = new Random(7);
    try (NbdSocket socket = NbdSocket.modern(address, "m")) {
      for (int length : new int[] {1, 4096, 65_535, 65_536, 1 << 20, MAX_PAYLOAD_BYTES}) {
        byte[] data = new byte[length];
        random.nextBytes(data);
        socket.send(new ClientBytes().write(0, 1, 5, data).write(0, 2, 0, new byte[5]));
        assertEquals(1, socket.receive(SIMPLE_REPLY_BYTES).reply().cookie());
        assertEquals(2, socket.receive(SIMPLE_REPLY_BYTES).reply().cookie());
        socket.send(new ClientBytes().request(CMD_FLAG_DF, CMD_READ, 3, 5, length));
        Reply reply = socket.receive(ReplyEncoder.DATA_CHUNK_OVERHEAD + length).reply();
        assertArrayEquals(data, Arrays.copyOfRange(reply.payload(), 8, 8 + length));
      }
      socket.send(new ClientBytes().request(0, CMD_DISC, 4, 0, 0));
      socket.receiveAll().end();
    }
  }

  @Test
  void servesTcpAndUnixSocketsWithTheNativeTransport() throws IOException {
    Path path = directory.resolve("nbd.sock");
    try (LoopbackServer serving =
        serve(LoopbackServer.anyPort(), LoopbackServer.anyPort(), LoopbackServer.unix(path))) {
      assertEquals(NbdTransport.EPOLL, NbdTransport.of(serving.loop.next()));
      for (SocketAddress address : serving.server.addresses()) {
        exercise(address);
      }
      assertEquals(3, serving.statistics().accepted());
    }
  }

  @Test
  void servesTcpAndUnixSocketsWithNio() throws IOException {
    Path path = directory.resolve("nbd.sock");
    EventLoopGroup nio = LoopbackServer.newNioLoop();
    try (LoopbackServer serving =
        new LoopbackServer(
            nio,
            FixedDirectory.of(memory),
            NbdLimits.DEFAULT,
            LoopbackServer.anyPort(),
            LoopbackServer.unix(path))) {
      assertEquals(NbdTransport.NIO, NbdTransport.of(nio.next()));
      for (SocketAddress address : serving.server.addresses()) {
        exercise(address);
      }
    }
    assertFalse(Files.exists(path));
  }

  @Test
  void keepsOthersFromTheUnixSocketAndRemovesItAtTheEnd() throws IOException {
    Path path = directory.resolve("nbd.sock");
    try (LoopbackServer serving = serve(LoopbackServer.unix(path))) {
      assertEquals(LoopbackServer.unix(path), serving.address());
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
      assertEquals(List.of(path), files());
    }
    assertEquals(List.of(), files());
  }

  private List<Path> files() throws IOException {
    try (var listing = Files.list(directory)) {
      return listing.toList();
    }
  }

  @Test
  void takesThePlaceOfADeadServersSocket() throws IOException {
    Path path = directory.resolve("nbd.sock");
    ServerSocketChannel dead =
        ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)
            .bind(LoopbackServer.unix(path));
    dead.close();
    assertTrue(Files.exists(path));
    try (LoopbackServer serving = serve(LoopbackServer.unix(path))) {
      exercise(serving.address());
    }
  }

  private void expectRefusal(SocketAddress address, String reason) {
    CompletionException refused =
        assertThrows(
            CompletionException.class, () -> serve(LoopbackServer.anyPort(), address).close());
    IOException cause = assertInstanceOf(IOException.class, refused.getCause());
    assertTrue(cause.getMessage().contains(address.toString()), cause::getMessage);
    assertTrue(cause.getMessage().contains(reason), cause::getMessage);
  }

  @Test
  void saysWhichAddressIsInUse() throws IOException {
    Path path = directory.resolve("nbd.sock");
    Path file = Files.writeString(directory.resolve("file"), "precious");
    try (LoopbackServer serving = serve(LoopbackServer.anyPort(), LoopbackServer.unix(path))) {
      for (SocketAddress taken : serving.server.addresses()) {
        expectRefusal(taken, "in use");
      }
      expectRefusal(LoopbackServer.unix(file), "is not a socket");
      exercise(serving.server.addresses().get(1));
    }
    assertEquals("precious", Files.readString(file));
    assertEquals(List.of(file), files());
  }

  @Test
  void sharesOneDeviceAmongConnections() throws IOException {
    try (LoopbackServer serving = serve(LoopbackServer.anyPort());
        NbdSocket first = NbdSocket.modern(serving.address(), "m");
        NbdSocket second = NbdSocket.modern(serving.address(), "")) {
      first.send(new ClientBytes().write(0, 1, 100, new byte[] {42}));
      first.receive(SIMPLE_REPLY_BYTES);
      second.send(new ClientBytes().request(0, CMD_READ, 1, 100, 1));
      Reply reply = second.receive(ReplyEncoder.DATA_CHUNK_OVERHEAD + 1).reply();
      assertEquals(42, reply.payload()[8]);
    }
  }

  @Test
  void endsItsConnectionsWhenItCloses() throws IOException {
    try (LoopbackServer serving = serve(LoopbackServer.anyPort());
        NbdSocket socket = NbdSocket.modern(serving.address(), "m")) {
      SocketAddress address = serving.address();
      serving.server.close().orTimeout(60, TimeUnit.SECONDS).join();
      socket.receiveAll().end();
      assertThrows(IOException.class, () -> new NbdSocket(address).close());
      assertEquals(0, serving.statistics().connections());
    }
  }

  @Test
  void aFencedClientThatIsWritingIsToldBeforeItIsCut() throws IOException {
    for (int round = 0; round < 20; round++) {
      MemoryExport inner = new MemoryExport("m", SIZE);
      HeldExport held = new HeldExport(inner);
      try (LoopbackServer serving =
              new LoopbackServer(
                  FixedDirectory.of(held), NbdLimits.DEFAULT, LoopbackServer.anyPort());
          NbdSocket socket = NbdSocket.modern(serving.address(), "m")) {
        socket.send(new ClientBytes().write(0, 1, 0, new byte[4096]));
        while (serving.onLoop(held::held) == 0) {
          Thread.onSpinWait();
        }
        socket.send(new ClientBytes().request(0, CMD_WRITE, 2, 0, 1 << 20).raw(new byte[700_000]));
        serving.server.shut("m", "fenced").join();
        Reply reply = socket.receiveAll().reply();
        assertEquals(1, reply.cookie());
        assertEquals(NbdError.ESHUTDOWN.code(), reply.error());
        serving.onLoop(
            () -> {
              held.release();
              return 0;
            });
      }
    }
  }

  @Test
  void aLocalPortIsToldAsTheRealOne() {
    try (LoopbackServer serving = serve(LoopbackServer.anyPort())) {
      assertTrue(((InetSocketAddress) serving.address()).getPort() > 0);
    }
  }
}
