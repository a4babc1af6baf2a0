package dev.farshore.emulab.tun;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The namespaces and devices of a link. Makes what is missing, and takes away what it made. Used by
 * one thread at a time.
 */
final class Ends {

  /** A TCP window of 1 Gbit/s over 200 ms, twice, with what the kernel adds to each packet. */
  private static final String WINDOWS = "4096 131072 134217728";

  private static final String SETTINGS = "/proc/sys/net/ipv4/";

  private final SystemCalls calls;
  private final Deque<Namespace> made = new ArrayDeque<>();
  private final Deque<TunDevice> devices = new ArrayDeque<>();

  /**
   * @param calls of the thread that uses this
   */
  Ends(SystemCalls calls) {
    this.calls = calls;
  }

  /**
   * @throws IOException if this process may not do what follows, for people
   */
  void requireRights() throws IOException {
    if (calls.effectiveUser() != 0) {
      throw new IOException("Namespaces and TUN devices need root");
    }
  }

  /** Makes a namespace if it is missing, or if a process made it that was killed. */
  void provide(Namespace namespace) throws IOException {
    if (Leftovers.contain(namespace)) {
      namespace.remove();
    }
    if (namespace.exists()) {
      return;
    }
    namespace.create();
    made.push(namespace);
    Leftovers.made(namespace);
    namespace.ip("link", "set", "dev", "lo", "up");
    namespace.in(
        () -> {
          // Paths in /proc/sys/net lead to the namespace of the thread that opens them.
          Files.writeString(Path.of(SETTINGS, "tcp_rmem"), WINDOWS);
          Files.writeString(Path.of(SETTINGS, "tcp_wmem"), WINDOWS);
          // A connection must not begin with what an earlier one has learnt of the link.
          Files.writeString(Path.of(SETTINGS, "tcp_no_metrics_save"), "1");
          return true;
        });
  }

  /** Makes a device in a namespace; it is not up yet. */
  TunDevice device(Namespace namespace, String name) throws IOException {
    TunDevice device = TunDevice.open(namespace, name);
    devices.push(device);
    return device;
  }

  /**
   * Takes away what was made.
   *
   * @throws IOException if a namespace stays
   */
  void remove() throws IOException {
    while (!devices.isEmpty()) {
      devices.pop().close(calls);
    }
    IOException first = null;
    while (!made.isEmpty()) {
      Namespace namespace = made.pop();
      try {
        if (namespace.exists()) {
          namespace.remove();
        }
        Leftovers.removed(namespace);
      } catch (IOException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
