package dev.farshore.agent.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a site's control socket. It has a thread of its own that accepts, and a virtual thread for
 * each connection, of which there are at most {@value #CONNECTIONS_MAX}; they share nothing but
 * {@link SiteOperations}.
 */
public final class ControlServer implements AutoCloseable {
  static final int CONNECTIONS_MAX = 32;
  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

  private final Path path;
  private final ServerSocketChannel listener;
  private final SiteOperations site;
  private final Semaphore room = new Semaphore(CONNECTIONS_MAX);
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

  private ControlServer(Path path, ServerSocketChannel listener, SiteOperations site) {
    this.path = path;
    this.listener = listener;
    this.site = site;
  }

  /**
   * Begins to listen. The caller holds the lock of the site's data directory, so a socket file that
   * nobody answers on is a dead site's and is replaced.
   *
   * @throws IOException if somebody answers there, or the socket cannot be made
   */
  public static ControlServer listen(Path path, SiteOperations site) throws IOException {
    UnixDomainSocketAddress address = SocketPath.address(path);
    if (Files.exists(path)) {
      if (ControlClient.answers(path)) {
        throw new FileSystemException(
            path.toString(), null, "another site answers on this control socket");
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
    ControlServer server = new ControlServer(path, listener, site);
    Thread.ofPlatform().name("control").daemon().start(server::accept);
    return server;
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        SocketChannel channel = listener.accept();
        if (!allowed(channel) || !room.tryAcquire()) {
          channel.close();
          continue;
        }
        open.add(channel);
        Thread.ofVirtual().name("control connection").start(() -> serve(channel));
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException e) {
        LOG.warn("control socket: cannot accept a connection: {}", e.getMessage());
      }
    }
  }

  private static boolean allowed(SocketChannel channel) throws IOException {
    String user = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
    boolean allowed = user.equals(System.getProperty("user.name")) || user.equals("root");
    if (!allowed) {
      LOG.warn("control socket: refused a connection of user {}", user);
    }
    return allowed;
  }

  private void serve(SocketChannel channel) {
    try (channel) {
      new ControlConnection(channel, site).run();
    } catch (IOException e) {
      LOG.debug("control socket: a connection ended: {}", e.getMessage());
    } finally {
      open.remove(channel);
      room.release();
    }
  }

  /** Closes the socket and every connection, and removes the file. */
  @Override
  public void close() throws IOException {
    listener.close();
    Files.deleteIfExists(path);
    for (SocketChannel channel : open) {
      channel.close();
    }
  }
}
