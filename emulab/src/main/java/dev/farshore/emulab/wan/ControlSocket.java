package dev.farshore.emulab.wan;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;

/**
 * Takes orders at a Unix socket that only its owner may open. One line each way per connection: the
 * order, and then {@code ok} or {@code error}, a newline, and the rest of the answer.
 *
 * <p>A thread of its own accepts; each connection has a thread, too.
 */
public final class ControlSocket implements AutoCloseable {

  private static final int MAX_CONNECTIONS = 16;
  private static final int MAX_LINE = 4_096;

  /** {@code S_IFMT} and {@code S_IFSOCK}, inode(7). */
  private static final int FILE_TYPE = 0170000;

  private static final int SOCKET = 0140000;

  private static final String OK = "ok\n";
  private static final String ERROR = "error\n";

  private final Path path;
  private final ServerSocketChannel listener;
  private final UnaryOperator<String> obey;
  private final Semaphore room = new Semaphore(MAX_CONNECTIONS);

  private ControlSocket(Path path, ServerSocketChannel listener, UnaryOperator<String> obey) {
    this.path = path;
    this.listener = listener;
    this.obey = obey;
  }

  /**
   * @param path where there is nothing yet, or a socket at which nobody answers any more
   * @param obey answers an order, or throws IllegalArgumentException with what is wrong with it
   * @throws IOException if somebody listens there already, something else than a socket is there,
   *     or the socket cannot be made
   */
  public static ControlSocket listen(Path path, UnaryOperator<String> obey) throws IOException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      requireSocket(path);
      if (answers(address)) {
        throw new FileSystemException(path.toString(), null, "somebody answers there already");
      }
      Files.delete(path);
    }
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      listener.bind(address);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      listener.close();
      throw new FileSystemException(path.toString(), null, "control socket: " + e.getMessage());
    }
    ControlSocket socket = new ControlSocket(path, listener, obey);
    Thread.ofPlatform().name("wan-control").daemon().start(socket::accept);
    return socket;
  }

  /** What is no socket was not left by a link, and may be all that somebody has of it. */
  private static void requireSocket(Path path) throws IOException {
    int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    if ((mode & FILE_TYPE) != SOCKET) {
      throw new FileSystemException(
          path.toString(),
          null,
          "there is something there that is no socket, and it stays: take another path for the"
              + " control socket, or move this away");
    }
  }

  private static boolean answers(UnixDomainSocketAddress address) {
    try (SocketChannel probe = SocketChannel.open(address)) {
      return probe.isConnected();
    } catch (IOException nobody) {
      return false;
    }
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        SocketChannel channel = listener.accept();
        if (room.tryAcquire()) {
          // Not a virtual one: two others would have to run before it does when an order comes.
          Thread.ofPlatform().name("wan-order").daemon().start(() -> serve(channel));
        } else {
          channel.close();
        }
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException e) {
        throw new UncheckedIOException("The control socket failed", e);
      }
    }
  }

  private void serve(SocketChannel channel) {
    try (channel) {
      String line = readLine(channel);
      String answer;
      try {
        answer = OK + obey.apply(line);
      } catch (IllegalArgumentException e) {
        answer = ERROR + e.getMessage();
      }
      write(channel, answer);
    } catch (IOException gone) {
      // Whoever asked has left; there is nobody to tell.
      return;
    } finally {
      room.release();
    }
  }

  private static String readLine(SocketChannel channel) throws IOException {
    StringBuilder line = new StringBuilder();
    BufferedReader reader =
        new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8), 256);
    for (int c = reader.read(); c >= 0 && c != '\n'; c = reader.read()) {
      if (line.length() == MAX_LINE) {
        throw new IOException("Line of more than " + MAX_LINE + " characters");
      }
      line.append((char) c);
    }
    return line.toString();
  }

  private static void write(SocketChannel channel, String text) throws IOException {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /**
   * Gives an order to the relay that listens at {@code path}.
   *
   * @return its answer
   * @throws IllegalArgumentException with what the relay says is wrong with the order
   * @throws IOException if nobody answers there
   */
  public static String ask(Path path, String order) throws IOException {
    try (Call call = call(path)) {
      return call.ask(order);
    }
  }

  /**
   * Connects to the relay that listens at {@code path}, for an order that is to be there at once
   * when it is given.
   *
   * @throws IOException if nobody listens there
   */
  public static Call call(Path path) throws IOException {
    return new Call(SocketChannel.open(UnixDomainSocketAddress.of(path)));
  }

  /** A connection for one order. */
  public static final class Call implements AutoCloseable {
    private final SocketChannel channel;

    private Call(SocketChannel channel) {
      this.channel = channel;
    }

    /**
     * As {@link ControlSocket#ask}; once.
     *
     * @throws IllegalArgumentException with what the relay says is wrong with the order
     * @throws IOException if it does not answer
     */
    public String ask(String order) throws IOException {
      write(channel, order + "\n");
      byte[] bytes = Channels.newInputStream(channel).readAllBytes();
      String answer = new String(bytes, StandardCharsets.UTF_8);
      if (answer.startsWith(OK)) {
        return answer.substring(OK.length());
      }
      if (answer.startsWith(ERROR)) {
        throw new IllegalArgumentException(answer.substring(ERROR.length()));
      }
      throw new IOException("The relay ended before it answered");
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    Files.deleteIfExists(path);
  }
}
