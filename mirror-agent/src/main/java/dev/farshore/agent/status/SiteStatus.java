package dev.farshore.agent.status;

import java.util.List;

/**
 * A running site at one moment.
 *
 * @param number its site number
 * @param data its data directory
 */
public record SiteStatus(
    String site, int number, long pid, String version, String data, List<GroupStatus> groups) {

  public SiteStatus {
    groups = List.copyOf(groups);
  }

  /** The worst of its groups; healthy only if all are. A site that runs no group is starting. */
  public Health health() {
    return groups.stream()
        .map(group -> group.verdict().health())
        .max(Health::compareTo)
        .orElse(Health.STARTING);
  }
}
