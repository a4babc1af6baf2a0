package dev.farshore.link.netty;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.netty.channel.epoll.Epoll;

/**
 * What a test needs of the machine. Where that is missing the test is skipped, with a line that
 * says why; in continuous integration ({@code CI=true}) it fails instead.
 */
public final class Needs {

  private Needs() {}

  /** The native transport. */
  public static void epoll() {
    that(Epoll.isAvailable(), "native epoll");
  }

  public static void that(boolean present, String what) {
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
