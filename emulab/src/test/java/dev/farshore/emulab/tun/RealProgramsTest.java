package dev.farshore.emulab.tun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.machine.Needs;
import dev.farshore.emulab.wan.Direction;
import dev.farshore.link.model.DropReason;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs of others over a link that loses packets both ways. */
@Timeout(60)
class RealProgramsTest {

  private static final long MILLIS = 1_000_000;
  private static final int PORT = 29_900;
  private static final int LOCAL_PORT = 8_388;

  private final String prefix = "tunreal-" + ProcessHandle.current().pid();
  private final Namespace near = new Namespace(prefix + "-near");
  private final Namespace far = new Namespace(prefix + "-far");
  private final TunSettings ends =
      TunSettings.between(
          near, far, Map.of("delay", "5ms", "loss", "3%", "rate", "200Mbit", "queue", "200ms"), 42);
  private final List<Process> processes = new ArrayList<>();

  @TempDir private Path directory;

  @BeforeEach
  void needsNamespaces() {
    Needs.namespaces();
  }

  @AfterEach
  void leavesNothingBehind() {
    assertFalse(near.exists() || far.exists(), "namespaces are left");
  }

  private Process start(Namespace where, String... command) throws IOException {
    Path said = directory.resolve(command[0] + ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    Process process = where.in(builder::start);
    processes.add(process);
    return process;
  }

  private void killAll() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  /**
   * @param protocol {@code tcp} or {@code udp}
   */
  private static void untilBound(Namespace where, String protocol, int port) throws IOException {
    String bound = String.format(":%04X ", port);
    while (!where.in(() -> sockets(protocol)).contains(bound)) {
      LockSupport.parkNanos(5 * MILLIS);
    }
  }

  private static String sockets(String protocol) throws IOException {
    Path mine = Path.of("/proc/thread-self/net");
    return Files.readString(mine.resolve(protocol))
        + Files.readString(mine.resolve(protocol + "6"));
  }

  private static void assertLossBothWays(TunWan wan) {
    for (Direction direction : Direction.values()) {
      long lost = wan.report().of(direction).packets().datagrams().dropped(DropReason.LOSS);
      assertTrue(lost > 0, wan.report(false));
    }
    assertTrue(wan.isValid(), wan.report(false));
  }

  /** TCP, tunnelled over UDP with a code and resending of its own. */
  @Test
  void kcptunCarriesAConnection() throws Exception {
    Needs.program("kcptun-server", "kcptun");
    InetSocketAddress inside = new InetSocketAddress("127.0.0.1", LOCAL_PORT);
    String outside = ends.far().address() + ":" + PORT;
    byte[] sent = new byte[1 << 20];
    new SplittableRandom(1).nextBytes(sent);
    try (TunWan wan = TunWan.start(ends);
        ServerSocketChannel listener = far.in(ServerSocketChannel::open)) {
      listener.bind(inside);
      FutureTask<Void> echo = new FutureTask<>(() -> echo(listener, sent.length), null);
      Thread.ofPlatform().daemon().start(echo);
      start(far, "kcptun-server", "-l", ":" + PORT, "-t", "127.0.0.1:" + LOCAL_PORT);
      untilBound(far, "udp", PORT);
      start(near, "kcptun-client", "-l", "127.0.0.1:" + LOCAL_PORT, "-r", outside);
      untilBound(near, "tcp", LOCAL_PORT);
      try (SocketChannel client = near.in(SocketChannel::open)) {
        client.connect(inside);
        client.write(ByteBuffer.wrap(sent));
        assertArrayEquals(sent, read(client, sent.length));
      }
      assertLossBothWays(wan);
    } finally {
      killAll();
    }
  }

  private static void echo(ServerSocketChannel listener, int bytes) {
    try (SocketChannel server = listener.accept()) {
      server.write(ByteBuffer.wrap(read(server, bytes)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(SocketChannel from, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      if (from.read(buffer) < 0) {
        throw new EOFException("ended after " + buffer.position() + " bytes");
      }
    }
    return buffer.array();
  }

  @Test
  void rsyncCopiesADirectory() throws Exception {
    Needs.program("rsync", "rsync");
    Path source = Files.createDirectory(directory.resolve("source"));
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 20; i++) {
      byte[] content = new byte[random.nextInt(100_000)];
      random.nextBytes(content);
      Files.write(source.resolve("file" + i), content);
    }
    Path configuration = directory.resolve("rsyncd.conf");
    Files.writeString(configuration, "use chroot = no\n[all]\npath = " + source + "\nuid = 0\n");
    Path copy = directory.resolve("copy");
    try (TunWan wan = TunWan.start(ends)) {
      start(far, "rsync", "--daemon", "--no-detach", "--port=" + PORT, "--config=" + configuration);
      untilBound(far, "tcp", PORT);
      String from = "rsync://" + ends.far().address() + ":" + PORT + "/all/";
      Process copying = start(near, "rsync", "-r", from, copy.toString());
      assertEquals(0, copying.waitFor(), Files.readString(directory.resolve("rsync.txt")));
      for (int i = 0; i < 20; i++) {
        assertEquals(-1, Files.mismatch(source.resolve("file" + i), copy.resolve("file" + i)));
      }
      assertLossBothWays(wan);
    } finally {
      killAll();
    }
  }
}
