package dev.farshore.agent.site;

import dev.farshore.agent.mirror.GroupNode;
import dev.farshore.agent.mirror.Role;
import dev.farshore.appliance.export.Export;
import dev.farshore.appliance.export.ExportDirectory;
import dev.farshore.appliance.nbd.NbdServer;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.group.VolumeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The exports of all groups of a site, and who is sent away when a group changes hands. Owned by
 * the site's thread.
 */
final class SiteExports implements ExportDirectory {
  private final List<GroupNode> groups;
  private Optional<NbdServer> server = Optional.empty();

  SiteExports(List<GroupNode> groups) {
    this.groups = groups;
  }

  /** Clients come in through it from now on. */
  void serve(NbdServer running) {
    server = Optional.of(running);
  }

  private List<ExportDirectory> directories() {
    List<ExportDirectory> directories = new ArrayList<>();
    for (GroupNode group : groups) {
      if (serves(group)) {
        group.exports().ifPresent(directories::add);
      }
    }
    return directories;
  }

  /**
   * A primary that is still finding out what its mirror holds shows nobody a state that may change
   * under him.
   */
  static boolean serves(GroupNode group) {
    return group.leads().isEmpty() || group.administration().isPresent();
  }

  @Override
  public List<String> names() {
    return directories().stream()
        .flatMap(directory -> directory.names().stream())
        .distinct()
        .sorted()
        .toList();
  }

  /** {@inheritDoc} The default export is the site's volume when it has only one. */
  @Override
  public Optional<Export> open(String name) {
    if (name.isEmpty()) {
      List<String> names = names();
      return names.size() == 1 ? open(names.getFirst()) : Optional.empty();
    }
    for (ExportDirectory directory : directories()) {
      if (directory.names().contains(name)) {
        return directory.open(name);
      }
    }
    return Optional.empty();
  }

  /** Sends the clients of a group away: what they knew of its volumes is no longer so. */
  void onRole(GroupNode group, Role role) {
    String reason = role == Role.PRIMARY ? "this site leads now" : "another site leads now";
    group.store().map(GroupStore::volumes).orElse(List.of()).stream()
        .map(VolumeInfo::name)
        .forEach(name -> sendAway(name, reason));
  }

  /** Ends the connections to an export; they may come back at once. */
  void sendAway(String name, String reason) {
    server.ifPresent(
        running -> {
          running.shut(name, reason);
          running.reopen(name);
        });
  }
}
