package dev.farshore.agent.config;

import dev.farshore.link.session.LinkSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The configuration of one site, complete and consistent.
 *
 * @param site who this is and where its own things are
 * @param link how this site codes and paces what it sends
 */
public record SiteConfig(
    Site site, NbdConfig nbd, LinkSettings link, List<PeerConfig> peers, List<GroupConfig> groups) {

  public SiteConfig {
    peers = List.copyOf(peers);
    groups = List.copyOf(groups);
  }

  /**
   * A site's own things.
   *
   * @param number 1 or more; it stands in the log's epochs, so it never changes
   * @param data directory of everything that the site keeps
   * @param listen where mirroring sites connect (TCP) and send to (UDP)
   * @param controlSocket where the command line connects
   */
  public record Site(
      String name, int number, Path data, Address.Internet listen, Path controlSocket) {}

  public Optional<PeerConfig> peer(String name) {
    return peers.stream().filter(peer -> peer.name().equals(name)).findFirst();
  }
}
