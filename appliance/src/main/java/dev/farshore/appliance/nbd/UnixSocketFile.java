package dev.farshore.appliance.nbd;

import java.io.IOException;
import java.net.BindException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The file of a listening Unix socket. It is bound under another name in a directory of mode 0700,
 * and moved to its place when its mode is 0600: at no time can anybody else connect.
 */
final class UnixSocketFile {

  private static final String SOCKET_NAME = "s";

  private final Path target;
  private final Path directory;

  private UnixSocketFile(Path target, Path directory) {
    this.target = target;
    this.directory = directory;
  }

  /**
   * @throws BindException if a server listens at {@code target} already, or it is no socket
   */
  static UnixSocketFile prepare(Path target) throws IOException {
    Path absolute = target.toAbsolutePath();
    if (Files.exists(absolute)) {
      boolean regular = Files.isRegularFile(absolute) || Files.isDirectory(absolute);
      if (regular || answers(absolute)) {
        throw new BindException(absolute + (regular ? " is not a socket" : " is in use"));
      }
    }
    Path directory =
        Files.createTempDirectory(
            absolute.getParent(),
            ".nbd",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return new UnixSocketFile(absolute, directory);
  }

  private static boolean answers(Path path) throws IOException {
    try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return probe.isConnected();
    } catch (java.net.ConnectException nobodyListens) {
      return false;
    }
  }

  /** Where to bind. */
  UnixDomainSocketAddress bindAddress() {
    return UnixDomainSocketAddress.of(directory.resolve(SOCKET_NAME));
  }

  /** Puts the bound socket in its place, instead of one that a dead server left behind. */
  void publish() throws IOException {
    Path bound = directory.resolve(SOCKET_NAME);
    Files.setPosixFilePermissions(bound, PosixFilePermissions.fromString("rw-------"));
    Files.move(bound, target, StandardCopyOption.ATOMIC_MOVE);
    Files.delete(directory);
  }

  /** Removes what {@link #prepare} made, where binding failed. */
  void abandon() throws IOException {
    Files.deleteIfExists(directory.resolve(SOCKET_NAME));
    Files.delete(directory);
  }

  /** Removes the socket. */
  void remove() throws IOException {
    Files.deleteIfExists(target);
  }
}
