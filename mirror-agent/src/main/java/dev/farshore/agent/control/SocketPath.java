package dev.farshore.agent.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** The address of a control socket. The kernel allows only about a hundred bytes for it. */
final class SocketPath {
  private static final int BYTES_MAX = 107;

  private SocketPath() {}

  /** The shorter of the absolute path and the one from the current directory. */
  static UnixDomainSocketAddress address(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    Path here = Path.of("").toAbsolutePath();
    String shortest = absolute.toString();
    String relative = here.relativize(absolute).toString();
    if (relative.getBytes(UTF_8).length < shortest.getBytes(UTF_8).length) {
      shortest = relative;
    }
    if (shortest.getBytes(UTF_8).length > BYTES_MAX) {
      throw new IOException(
          "the path of the control socket is too long for a Unix socket: "
              + absolute
              + "; set site.control-socket to a shorter one");
    }
    return UnixDomainSocketAddress.of(shortest);
  }
}
