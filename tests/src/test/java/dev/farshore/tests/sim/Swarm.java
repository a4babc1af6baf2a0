package dev.farshore.tests.sim;

import dev.farshore.agent.mirror.GroupSettings.Beyond;
import dev.farshore.agent.mirror.GroupSettings.OnQuota;
import dev.farshore.agent.mirror.GroupSettings.RiskLimits;
import dev.farshore.agent.mirror.SyncMode;
import dev.farshore.link.model.Bottleneck;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.LossModel;
import dev.farshore.link.model.QueueLimit;
import dev.farshore.link.model.Reordering;
import dev.farshore.link.session.CodeSettings;
import dev.farshore.link.session.LinkSettings;
import dev.farshore.log.disk.DiskTiming;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses a scenario from a seed. Each seed has few kinds of faults, some of them often: a world
 * where everything goes wrong at once never gets anywhere (Groce et al., Swarm Testing, 2012). Two
 * seeds of three have a {@link Theme} besides, whose faults come often and whose settings suit it.
 */
final class Swarm {
  private static final List<Theme> THEMES = List.of(Theme.values());
  private static final long MILLIS = 1_000_000;
  private static final long SECONDS = 1_000_000_000;

  private static final long MOST_REQUESTS = 3_000;

  private final Entropy entropy;
  private final Optional<Theme> theme;

  private Swarm(Entropy entropy, Optional<Theme> theme) {
    this.entropy = entropy;
    this.theme = theme;
  }

  private boolean isAbout(Theme wanted) {
    return theme.equals(Optional.of(wanted));
  }

  static Scenario scenario(long seed) {
    Entropy entropy = new Entropy(seed);
    Optional<Theme> theme =
        entropy.chance(0.67) ? Optional.of(entropy.pick(THEMES)) : Optional.empty();
    return new Swarm(entropy, theme).choose(seed);
  }

  /** A world of that theme. */
  static Scenario scenario(long seed, Theme theme) {
    return new Swarm(new Entropy(seed), Optional.of(theme)).choose(seed);
  }

  private Scenario choose(long seed) {
    CodeSettings code = code();
    long rate = entropy.spread(4_000_000, isAbout(Theme.FILL) ? 20_000_000 : 400_000_000);
    LinkSettings link = link(code, rate);
    List<LinkConditions> paths = new ArrayList<>();
    paths.add(path(link.rateBitsPerSecond(), false));
    int others = entropy.below(4);
    for (int i = 0; i < others; i++) {
      paths.add(path(link.rateBitsPerSecond(), true));
    }
    Load load = load();
    long longestDelay = paths.stream().mapToLong(Swarm::longestNanos).max().orElseThrow();
    return new Scenario(
        seed,
        mode(code),
        risk(),
        link,
        startWait(),
        2 * longestDelay + entropy.spread(20 * MILLIS, 200 * MILLIS),
        storage(),
        load,
        entropy.chance(0.6) ? 512 : (int) entropy.between(24, 1500),
        List.copyOf(paths),
        List.of(disk(), disk()),
        faults(),
        turmoil(load),
        0.02);
  }

  private long startWait() {
    return entropy.chance(isAbout(Theme.POWER) ? 0.1 : 0.3)
        ? 3600 * SECONDS
        : entropy.spread(300 * MILLIS, (isAbout(Theme.POWER) ? 2 : 8) * SECONDS);
  }

  /** Long enough for several faults; shorter where clients are quick, for nothing new happens. */
  private long turmoil(Load load) {
    long busy = MOST_REQUESTS * load.thinkNanos() / load.clients();
    return Math.max(2 * SECONDS, Math.min(busy, entropy.between(2 * SECONDS, 8 * SECONDS)));
  }

  private static long longestNanos(LinkConditions path) {
    long queue = path.bottleneck() instanceof Bottleneck.DropTail ? 100 * MILLIS : 0;
    return path.delayNanos() + path.jitterNanos() + path.reordering().holdNanos() + queue;
  }

  private SyncMode mode(CodeSettings code) {
    return switch (entropy.below(10)) {
      case 0, 1 -> new SyncMode.Local();
      case 2, 3, 4 -> new SyncMode.Remote();
      default ->
          new SyncMode.Network(
              entropy.chance(0.6) ? code.levels() : entropy.below(code.levels() + 1));
    };
  }

  private CodeSettings code() {
    return switch (entropy.below(6)) {
      case 0 -> new CodeSettings.None();
      case 1, 2 ->
          new CodeSettings.ReedSolomon((int) entropy.between(1, 12), (int) entropy.between(1, 4));
      case 3 -> new CodeSettings.Layered(8, List.of(1, 10, 100));
      default -> {
        List<Integer> interleave = new ArrayList<>();
        int stride = 1;
        int layers = (int) entropy.between(1, 3);
        for (int i = 0; i < layers; i++) {
          interleave.add(stride);
          stride += (int) entropy.between(1, 12);
        }
        yield new CodeSettings.Layered((int) entropy.between(1, 8), interleave);
      }
    };
  }

  private LinkSettings link(CodeSettings code, long rate) {
    int datagram = (int) entropy.spread(200, 1400);
    return new LinkSettings(
        code,
        entropy.chance(0.5) ? 0 : entropy.spread(100_000, 3 * MILLIS),
        entropy.spread(100_000, 5 * MILLIS),
        rate,
        datagram,
        (int) entropy.spread(8 * datagram, 256 << 10));
  }

  private LinkConditions path(long rate, boolean worse) {
    LinkConditions path = LinkConditions.PERFECT.withDelay(entropy.spread(100_000, 60 * MILLIS));
    if (entropy.chance(0.4)) {
      path = path.withJitter(entropy.spread(10_000, 10 * MILLIS));
    }
    if (entropy.chance(0.5)) {
      path = path.withLoss(loss(worse));
    }
    if (entropy.chance(0.3)) {
      path =
          path.withReordering(
              new Reordering(entropy.below(20) / 100.0, entropy.spread(10_000, 10 * MILLIS)));
    }
    if (entropy.chance(0.3)) {
      path = path.withDuplicate(entropy.below(10) / 100.0);
    }
    if (entropy.chance(0.3)) {
      path = path.withCorrupt(entropy.below(5) / 100.0);
    }
    if (entropy.chance(0.2)) {
      long bits = Math.max(1_000_000, rate * entropy.between(70, 150) / 100);
      path =
          path.withBottleneck(
              new Bottleneck.DropTail(
                  bits,
                  new QueueLimit.Time(entropy.spread(5 * MILLIS, 100 * MILLIS)),
                  Bottleneck.UDP_HEADER_BYTES));
    }
    return path;
  }

  private LossModel loss(boolean worse) {
    double share = entropy.between(1, worse ? 300 : 50) / 1000.0;
    return switch (entropy.below(3)) {
      case 0 -> new LossModel.Independent(share);
      case 1 -> new LossModel.PacketBursts(share, entropy.between(1, 30));
      default -> new LossModel.Outages(share, entropy.spread(200_000, 20 * MILLIS));
    };
  }

  private RiskLimits risk() {
    boolean tight = entropy.chance(isAbout(Theme.LAG) ? 0.6 : 0.25);
    return new RiskLimits(
        tight ? entropy.spread(4 << 10, 256 << 10) : 1L << 40,
        tight ? entropy.spread(200 * MILLIS, 5 * SECONDS) : 3600 * SECONDS,
        entropy.chance(0.5) ? Beyond.DEGRADE : Beyond.BLOCK,
        entropy.chance(isAbout(Theme.LAG) ? 0.7 : 0.2)
            ? entropy.spread(200 << 10, 1 << 20)
            : 1L << 40,
        entropy.chance(0.6) ? OnQuota.DETACH_MIRROR : OnQuota.BLOCK);
  }

  private Scenario.Storage storage() {
    return new Scenario.Storage(
        (64 << 10) + 4096 * entropy.below(32),
        (int) entropy.spread(4 << 10, 1 << 20),
        entropy.below(3),
        entropy.spread(4096, 256 << 10),
        entropy.spread(5 * MILLIS, 2 * SECONDS),
        entropy.spread(4096, 64 << 10));
  }

  private Load load() {
    int volumes = (int) entropy.between(1, 3);
    return new Load(
        (int) entropy.between(1, 5),
        (int) entropy.spread(1, 16),
        volumes,
        isAbout(Theme.FILL) ? (int) entropy.spread(256, 1024) : (int) entropy.spread(4, 128),
        (int) entropy.spread(1, 16),
        entropy.spread(2 * MILLIS, 50 * MILLIS),
        entropy.below(40) / 100.0,
        entropy.below(20) / 100.0,
        entropy.below(20) / 100.0,
        entropy.below(30) / 100.0);
  }

  private DiskTiming disk() {
    return switch (entropy.below(4)) {
      case 0 -> DiskTiming.SHUFFLED;
      case 1 -> DiskTiming.SOLID_STATE;
      default ->
          new DiskTiming(
              entropy.spread(10_000, 5 * MILLIS),
              entropy.spread(1_000, 2 * MILLIS),
              entropy.spread(50_000, 20 * MILLIS),
              entropy.spread(1, 5 * MILLIS),
              entropy.chance(0.7));
    };
  }

  private Map<Fault, Long> faults() {
    Map<Fault, Long> chosen = new EnumMap<>(Fault.class);
    if (entropy.chance(0.05)) {
      return chosen;
    }
    double share = entropy.pick(theme.isPresent() ? List.of(0.0, 0.05) : List.of(0.08, 0.15, 0.3));
    for (Fault fault : Fault.values()) {
      if (entropy.chance(share)) {
        chosen.put(fault, entropy.spread(400 * MILLIS, 6 * SECONDS));
      }
    }
    if (theme.isPresent()) {
      for (Fault fault : theme.get().faults()) {
        chosen.put(fault, entropy.spread(250 * MILLIS, 2 * SECONDS));
      }
    }
    return chosen;
  }
}
