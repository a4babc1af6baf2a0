package dev.farshore.emulab.testbed;

import dev.farshore.agent.mirror.SyncMode;
import dev.farshore.link.session.CodeSettings;
import java.util.List;
import java.util.Optional;

/**
 * One of the configurations that SMFS compares (FAST'09, section 4.1): when a write is answered,
 * and whether its packets are coded. Where the paper runs TCP between the storage servers, the link
 * runs with the same code or with none, and resends what is lost.
 *
 * @param name as plans and reports say it
 * @param level coverage of network-sync, 0 for the others
 */
public record Configuration(String name, Acknowledged acknowledged, boolean coded, int level) {

  /** What a reply waits for. */
  public enum Acknowledged {
    LOCALLY,
    ON_THE_WIRE,
    REMOTELY
  }

  /** The three layers of the paper's code. */
  private static final int LAYERS = 3;

  public static final List<Configuration> ALL =
      List.of(
          new Configuration("local-sync", Acknowledged.LOCALLY, false, 0),
          new Configuration("local-sync+FEC", Acknowledged.LOCALLY, true, 0),
          new Configuration("network-sync-1", Acknowledged.ON_THE_WIRE, true, 1),
          new Configuration("network-sync-2", Acknowledged.ON_THE_WIRE, true, 2),
          new Configuration("network-sync-3", Acknowledged.ON_THE_WIRE, true, LAYERS),
          new Configuration("remote-sync", Acknowledged.REMOTELY, false, 0),
          new Configuration("remote-sync+FEC", Acknowledged.REMOTELY, true, 0));

  public static Optional<Configuration> named(String name) {
    return ALL.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /** The mode of a group whose link has {@code levels} coverage levels. */
  public SyncMode mode(int levels) {
    return switch (acknowledged) {
      case LOCALLY -> new SyncMode.Local();
      case ON_THE_WIRE -> new SyncMode.Network(Math.min(level, levels));
      case REMOTELY -> new SyncMode.Remote();
    };
  }

  /** The code of its link, which is {@code code} or none. */
  public CodeSettings code(CodeSettings code) {
    return coded ? code : new CodeSettings.None();
  }
}
