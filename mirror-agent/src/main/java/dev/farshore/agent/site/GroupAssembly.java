package dev.farshore.agent.site;

import dev.farshore.agent.config.GroupConfig;
import dev.farshore.agent.config.PeerConfig;
import dev.farshore.agent.config.SiteConfig;
import dev.farshore.agent.mirror.GroupSettings;
import dev.farshore.agent.mirror.GroupSettings.Beyond;
import dev.farshore.agent.mirror.GroupSettings.OnQuota;
import dev.farshore.agent.mirror.GroupSettings.RiskLimits;
import dev.farshore.agent.mirror.Role;
import dev.farshore.agent.mirror.SyncMode;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Turns the configuration of a group into what its step functions take. */
final class GroupAssembly {
  private GroupAssembly() {}

  /**
   * @throws SiteFailure if the peer's address cannot be found, or may not be spoken to
   */
  static GroupSettings settings(SiteConfig site, GroupConfig group) {
    PeerConfig peer = site.peer(group.peer()).orElseThrow();
    InetSocketAddress address = peer.address().resolve();
    if (address.isUnresolved()) {
      throw new SiteFailure("peer " + peer.name() + ": cannot find " + peer.address());
    }
    if (!peer.permits(address)) {
      throw new SiteFailure(
          "peer "
              + peer.name()
              + ": "
              + peer.address()
              + " is not a loopback address, and the peer is not insecure = true");
    }
    boolean leadsFirst = group.firstPrimary().equals(site.site().name());
    return new GroupSettings(
        group.name(),
        site.site().number(),
        leadsFirst ? Role.PRIMARY : Role.MIRROR,
        Optional.of(address),
        mode(group.promise()),
        risk(group),
        site.link(),
        group.patience().startWaitNanos(),
        group.patience().drainNanos());
  }

  private static SyncMode mode(GroupConfig.Promise promise) {
    return switch (promise.mode()) {
      case LOCAL -> new SyncMode.Local();
      case NETWORK -> new SyncMode.Network(promise.coverage());
      case REMOTE -> new SyncMode.Remote();
    };
  }

  private static RiskLimits risk(GroupConfig group) {
    GroupConfig.Exposure exposure = group.exposure();
    return new RiskLimits(
        exposure.maxBytes(),
        exposure.maxNanos(),
        switch (exposure.beyond()) {
          case BLOCK -> Beyond.BLOCK;
          case DEGRADE -> Beyond.DEGRADE;
        },
        group.storage().quotaBytes(),
        switch (group.storage().beyond()) {
          case DETACH_MIRROR -> OnQuota.DETACH_MIRROR;
          case BLOCK -> OnQuota.BLOCK;
        });
  }
}
