package dev.farshore.agent.site;

import dev.farshore.agent.mirror.GroupNode;
import dev.farshore.agent.mirror.Role;
import dev.farshore.appliance.export.Export;
import dev.farshore.appliance.export.ExportDirectory;
import dev.farshore.appliance.nbd.NbdServer;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.group.VolumeInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exports of all groups of a site, and who is sent away when a group changes hands. Owned by
 * the site's thread.
 */
final class SiteExports implements ExportDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(SiteExports.class);
  private static final int UNSERVED_TOLD_MAX = 100;

  private final List<GroupNode> groups;
  private final List<UnopenedGroup> unopened;
  private final Set<String> unservedTold = new HashSet<>();
  private Optional<NbdServer> server = Optional.empty();

  /**
   * @param groups those that run; may change
   * @param unopened those that could not be opened; may change
   */
  SiteExports(List<GroupNode> groups, List<UnopenedGroup> unopened) {
    this.groups = groups;
    this.unopened = unopened;
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

  /** Letters, digits and a few signs, so that it can stand in a URI and in a log line. */
  static boolean isVolumeName(String name) {
    return name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,200}");
  }

  /** Whether a volume of that name is in any group that runs here, served or not. */
  boolean known(String name) {
    return groups.stream()
        .flatMap(group -> group.store().stream())
        .anyMatch(store -> store.volume(name).isPresent());
  }

  /**
   * {@inheritDoc} The default export is the site's volume when it has only one. While a group is
   * not served nobody knows whether it is the only one.
   */
  @Override
  public Optional<Export> open(String name) {
    if (name.isEmpty()) {
      List<String> names = names();
      boolean allServed = unopened.isEmpty() && groups.stream().allMatch(SiteExports::serves);
      return allServed && names.size() == 1 ? open(names.getFirst()) : Optional.empty();
    }
    for (ExportDirectory directory : directories()) {
      if (directory.names().contains(name)) {
        return directory.open(name);
      }
    }
    tellUnserved(name);
    return Optional.empty();
  }

  /** Once for each name, and not for any number of them: clients choose them. */
  private void tellUnserved(String name) {
    if (!unopened.isEmpty()
        && unservedTold.size() < UNSERVED_TOLD_MAX
        && isVolumeName(name)
        && unservedTold.add(name)) {
      for (UnopenedGroup group : unopened) {
        LOG.error("export '{}' is refused; if it is a volume of it: {}", name, group.refusal());
      }
    }
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
