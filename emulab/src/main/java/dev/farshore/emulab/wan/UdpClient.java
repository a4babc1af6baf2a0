package dev.farshore.emulab.wan;

import dev.farshore.link.udp.UdpPort;
import java.net.InetSocketAddress;

/**
 * One address that talks to the relay, with the socket from which the far end hears of it. Owned by
 * the event loop.
 */
final class UdpClient {

  private final InetSocketAddress address;
  private final UdpPort upstream;
  private long lastHeardNanos;

  UdpClient(InetSocketAddress address, UdpPort upstream) {
    this.address = address;
    this.upstream = upstream;
  }

  InetSocketAddress address() {
    return address;
  }

  UdpPort upstream() {
    return upstream;
  }

  void heard(long nowNanos) {
    lastHeardNanos = nowNanos;
  }

  long silentNanos(long nowNanos) {
    return nowNanos - lastHeardNanos;
  }
}
