package dev.farshore.emulab.testbed.live;

import dev.farshore.agent.config.Address;
import dev.farshore.agent.config.ConfigPrinter;
import dev.farshore.agent.config.GroupConfig;
import dev.farshore.agent.config.NbdConfig;
import dev.farshore.agent.config.PeerConfig;
import dev.farshore.agent.config.SiteConfig;
import dev.farshore.agent.mirror.SyncMode;
import dev.farshore.emulab.testbed.Trial;
import dev.farshore.emulab.wan.PathText;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.session.CodeSettings;
import dev.farshore.link.session.LinkSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a site of a trial is configured with, and where its things are. */
final class SiteFiles {
  private static final long AT_RISK_NANOS = 60_000_000_000L;
  private static final long LEAST_AT_RISK_BYTES = 1 << 20;

  static final int LINK_PORT = 7601;
  private static final int DATAGRAM_BYTES = 1400;
  private static final long SLACK_NANOS = 50_000_000;
  private static final int LEAST_WINDOW_BYTES = 256 << 10;
  private static final int MOST_WINDOW_BYTES = 768 << 20;
  private static final long FLUSH_NANOS = 1_000_000;
  private static final int SEGMENT_BYTES = 16 << 20;
  private static final long QUOTA_BYTES = 8L << 30;
  private static final long FOLD_DELAY_NANOS = 5_000_000_000L;
  private static final long START_WAIT_NANOS = 10_000_000_000L;

  /** All groups together; three times as much of the logs' ends stays in memory. */
  private static final long FOLD_BYTES = 64L << 20;

  private static final long LEAST_FOLD_BYTES = 4L << 20;

  /** Of silence, beyond what is on its way. */
  private static final long DRAIN_NANOS = 500_000_000;

  private final Side side;
  private final Path home;
  private final Place place;

  /**
   * Where a site is.
   *
   * @param listen address of its link
   * @param peer where it finds the other site's
   * @param home directory of everything that it has, on its machine
   */
  record Place(Address.Internet listen, Address.Internet peer, Path home) {}

  /**
   * @param home directory on this machine, where it is reached: the same as the site's own if it is
   *     on this machine too
   */
  SiteFiles(Side side, Path home, Place place) {
    this.side = side;
    this.home = home;
    this.place = place;
  }

  Side side() {
    return side;
  }

  static String group(int number) {
    return "g" + (number + 1);
  }

  /** The one volume of a group; a name is known once at a site. */
  static String volume(int group) {
    return "v" + (group + 1);
  }

  Path home() {
    return home;
  }

  Path configuration() {
    return home.resolve("farshore.toml");
  }

  Path control() {
    return control(home);
  }

  private static Path control(Path home) {
    return home.resolve("control.sock");
  }

  /** Where the volumes are served. */
  Path exports() {
    return exports(home);
  }

  private static Path exports(Path home) {
    return home.resolve("nbd.sock");
  }

  /** The same files, as they are called on the site's own machine. */
  SiteFiles there() {
    return new SiteFiles(side, place.home(), place);
  }

  Path output() {
    return home.resolve("output.txt");
  }

  /** The configuration file's text, with every value in it. */
  String text(Trial trial) {
    return ConfigPrinter.print(config(trial));
  }

  /**
   * @throws IllegalArgumentException if the trial makes no sense, for people
   */
  SiteConfig config(Trial trial) {
    int groups = trial.load().groups();
    if (groups < 1) {
      throw new IllegalArgumentException(groups + " groups");
    }
    CodeSettings code = trial.configuration().code(trial.link().code());
    long rate = trial.link().rateBitsPerSecond() / groups;
    int window = windowBytes(rate, delayNanos(trial));
    LinkSettings link =
        new LinkSettings(
            code, trial.link().burstNanos(), FLUSH_NANOS, rate, DATAGRAM_BYTES, window);
    List<GroupConfig> each = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      each.add(group(trial, group, code.levels(), atRiskBytes(trial, window)));
    }
    Side peer = side.other();
    return new SiteConfig(
        new SiteConfig.Site(
            side.toString(),
            side.number(),
            place.home().resolve("data"),
            place.listen(),
            control(place.home())),
        new NbdConfig(List.of(new Address.Unix(exports(place.home()))), false),
        link,
        List.of(new PeerConfig(peer.toString(), peer.number(), place.peer(), true)),
        each);
  }

  /**
   * Twice what the rate carries in a round trip and {@value #SLACK_NANOS} ns: once for what is
   * under way, once for what waits behind a packet that is asked for again.
   */
  private static int windowBytes(long rateBits, long delayNanos) {
    long carried = (long) (rateBits / 8e9 * (2 * delayNanos + SLACK_NANOS));
    return Math.clamp(2 * carried, LEAST_WINDOW_BYTES, MOST_WINDOW_BYTES);
  }

  /** So much that only mode {@code local} ever comes to it. */
  private static long atRiskBytes(Trial trial, int windowBytes) {
    Trial.Load load = trial.load();
    long outstanding = (long) Math.ceilDiv(load.testers(), load.groups()) * load.requestBytes();
    return Math.max(LEAST_AT_RISK_BYTES, 2L * windowBytes + 2 * outstanding);
  }

  private GroupConfig group(Trial trial, int number, int levels, long atRiskBytes) {
    long foldBytes = Math.max(LEAST_FOLD_BYTES, FOLD_BYTES / trial.load().groups());
    return new GroupConfig(
        group(number),
        side.other().toString(),
        Side.WEST.toString(),
        promise(trial.configuration().mode(levels), levels),
        new GroupConfig.Exposure(atRiskBytes, AT_RISK_NANOS, GroupConfig.OnExposure.BLOCK),
        new GroupConfig.Storage(
            GroupConfig.Store.FILE,
            SEGMENT_BYTES,
            foldBytes,
            FOLD_DELAY_NANOS,
            QUOTA_BYTES,
            GroupConfig.OnQuota.DETACH_MIRROR),
        new GroupConfig.Patience(START_WAIT_NANOS, drainNanos(trial)));
  }

  private static GroupConfig.Promise promise(SyncMode mode, int levels) {
    return switch (mode) {
      case SyncMode.Local local -> new GroupConfig.Promise(GroupConfig.Mode.LOCAL, levels);
      case SyncMode.Network(int level) -> new GroupConfig.Promise(GroupConfig.Mode.NETWORK, level);
      case SyncMode.Remote remote -> new GroupConfig.Promise(GroupConfig.Mode.REMOTE, levels);
    };
  }

  /** Silence on the link means that nothing is on its way any more only if it lasts longer. */
  private static long drainNanos(Trial trial) {
    return DRAIN_NANOS + 2 * delayNanos(trial);
  }

  /** From one site to the other, at most. */
  static long delayNanos(Trial trial) {
    LinkConditions wire = PathText.of(trial.wire(), 0).conditions();
    return wire.delayNanos() + wire.jitterNanos();
  }
}
