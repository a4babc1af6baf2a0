package dev.farshore.agent.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** Where something listens. */
public sealed interface Address {

  /**
   * A TCP (and for the link also UDP) address.
   *
   * @param host name or literal, IPv6 without brackets
   * @param port 1 to 65535
   */
  record Internet(String host, int port) implements Address {
    public Internet {
      if (host.isEmpty() || port < 1 || port > 65535) {
        throw new IllegalArgumentException("'" + host + ":" + port + "' is not HOST:PORT");
      }
    }

    /** Looks the name up; the result may be unresolved. */
    public InetSocketAddress resolve() {
      return new InetSocketAddress(host, port);
    }

    /** Whether packets to it stay on this machine, as far as the name service tells now. */
    public boolean isLoopback() {
      InetAddress address = resolve().getAddress();
      return address != null && address.isLoopbackAddress();
    }

    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /** A Unix domain socket. */
  record Unix(Path path) implements Address {
    public UnixDomainSocketAddress socketAddress() {
      return UnixDomainSocketAddress.of(path);
    }

    @Override
    public String toString() {
      return "unix:" + path;
    }
  }

  /**
   * Reads {@code host:port} or {@code [v6]:port}.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  static Internet parseInternet(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.contains(":")) {
      throw new IllegalArgumentException(
          "'" + text + "' is ambiguous: write an IPv6 address as [ADDRESS]:PORT");
    }
    try {
      return new Internet(host, Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not HOST:PORT", e);
    }
  }

  /**
   * Reads {@code unix:PATH} or what {@link #parseInternet} reads.
   *
   * @param directory what a relative path starts from
   */
  static Address parse(String text, Path directory) {
    if (text.startsWith("unix:")) {
      String path = text.substring("unix:".length());
      if (path.isEmpty()) {
        throw new IllegalArgumentException("'" + text + "' names no path");
      }
      return new Unix(directory.resolve(path).normalize());
    }
    return parseInternet(text);
  }
}
