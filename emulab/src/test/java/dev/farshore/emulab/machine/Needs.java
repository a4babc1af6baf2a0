package dev.farshore.emulab.machine;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a test needs of the machine. Where that is missing the test is skipped, with a line that
 * says why; in continuous integration ({@code CI=true}) it fails instead.
 */
public final class Needs {

  private Needs() {}

  /** To make namespaces and TUN devices. */
  public static void namespaces() {
    that(user() == 0, "root");
    that(Files.exists(Path.of("/dev/net/tun")), "/dev/net/tun");
    program("ip", "iproute2");
  }

  /**
   * @param packaged Debian package that brings it
   */
  public static void program(String name, String packaged) {
    boolean found =
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
    that(found, name + " (Debian package " + packaged + ")");
  }

  private static int user() {
    try {
      return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void that(boolean present, String what) {
    if (present) {
      return;
    }
    String reason = "this needs " + what;
    if ("true".equals(System.getenv("CI"))) {
      fail(reason);
    }
    System.err.println("SKIPPED: " + reason);
    abort(reason);
  }
}
