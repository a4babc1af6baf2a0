package dev.farshore.agent.config;

import java.net.InetSocketAddress;

/**
 * Another site.
 *
 * @param number its site number, 1 or more, different from every other site's
 * @param address where it listens for mirrors
 * @param insecure whether the operator accepts that traffic with it is neither authenticated nor
 *     encrypted, although it leaves this machine
 */
public record PeerConfig(String name, int number, Address.Internet address, boolean insecure) {

  /** Whether traffic with this address, which may be the peer, is allowed at all. */
  public boolean permits(InetSocketAddress actual) {
    return insecure || (actual.getAddress() != null && actual.getAddress().isLoopbackAddress());
  }
}
