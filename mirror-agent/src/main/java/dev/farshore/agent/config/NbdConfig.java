package dev.farshore.agent.config;

import java.util.List;

/**
 * Where NBD clients are served. A volume is writable there while this site leads its group, and
 * read-only while it mirrors it.
 *
 * @param insecure whether the operator accepts clients from outside this machine, unauthenticated
 */
public record NbdConfig(List<Address> listen, boolean insecure) {
  public NbdConfig {
    listen = List.copyOf(listen);
  }
}
