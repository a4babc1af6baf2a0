package dev.farshore.emulab.command;

import dev.farshore.emulab.wan.Direction;
import dev.farshore.emulab.wan.Outage;
import dev.farshore.emulab.wan.PathText;
import dev.farshore.emulab.wan.Wan;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** What a link is like, as options: for both directions, and what differs in one of them. */
final class ConditionOptions {

  private static final Map<String, String> D = PathText.DEFAULTS;

  @Option(names = "--delay", paramLabel = "TIME", description = "One way. Default: 25ms.")
  private String delay = D.get("delay");

  @Option(
      names = "--jitter",
      paramLabel = "TIME",
      description = "The delay wanders up to so much above it, without reordering. Default: 0.")
  private String jitter = D.get("jitter");

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      description = "IP and UDP headers counted, or 'unlimited'. Default: 1Gbit.")
  private String rate = D.get("rate");

  @Option(
      names = "--queue",
      paramLabel = "TIME|SIZE",
      description = "What waits before the rate; the rest is dropped. Default: 50ms.")
  private String queue = D.get("queue");

  @Option(names = "--loss", paramLabel = "SHARE", description = "Lost on the wire. Default: 0.")
  private String loss = D.get("loss");

  @Option(
      names = "--burst",
      paramLabel = "N|TIME",
      description =
          "Losses come in runs of N datagrams on average (Gilbert-Elliott), or in outages of TIME;"
              + " 1: each for itself. Default: 1.")
  private String burst = D.get("burst");

  @Option(
      names = "--burst-gap",
      paramLabel = "TIME",
      description = "Shortest time between two outages. Default: 0.")
  private String burstGap = D.get("burst-gap");

  @Option(
      names = "--burst-loss",
      paramLabel = "SHARE",
      description = "Lost within a run of N; the rest of a run passes. Default: 100%%.")
  private String burstLoss = D.get("burst-loss");

  @Option(
      names = "--gap-loss",
      paramLabel = "SHARE",
      description = "Lost between runs of N; --loss is of both together. Default: 0.")
  private String gapLoss = D.get("gap-loss");

  @Option(names = "--reorder", paramLabel = "SHARE", description = "Held back. Default: 0.")
  private String reorder = D.get("reorder");

  @Option(
      names = "--reorder-by",
      paramLabel = "TIME",
      description = "At most so long. Default: 1ms.")
  private String reorderBy = D.get("reorder-by");

  @Option(names = "--duplicate", paramLabel = "SHARE", description = "Arrive twice. Default: 0.")
  private String duplicate = D.get("duplicate");

  @Option(names = "--corrupt", paramLabel = "SHARE", description = "Are damaged. Default: 0.")
  private String corrupt = D.get("corrupt");

  @Option(names = "--seed", paramLabel = "N", description = "Of all chance. Default: 7.")
  private long seed = 7;

  @Option(
      names = "--forward",
      arity = "1..*",
      paramLabel = "KEY=VALUE",
      description = "What differs on the way there, for example: --forward loss=1%% delay=40ms.")
  private Map<String, String> forward = new LinkedHashMap<>();

  @Option(
      names = "--backward",
      arity = "1..*",
      paramLabel = "KEY=VALUE",
      description = "What differs on the way back.")
  private Map<String, String> backward = new LinkedHashMap<>();

  @Option(
      names = "--outage",
      paramLabel = "BEGIN+LENGTH",
      description =
          "Nothing enters for LENGTH, BEGIN after the start: 10s+500ms. As often as you like; TCP"
              + " through a relay waits instead of being lost.")
  private List<String> outages = List.of();

  long seed() {
    return seed;
  }

  /** Of both directions. */
  Map<String, String> both() {
    Map<String, String> conditions = new LinkedHashMap<>();
    conditions.put("delay", delay);
    conditions.put("jitter", jitter);
    conditions.put("rate", rate);
    conditions.put("queue", queue);
    conditions.put("loss", loss);
    conditions.put("burst", burst);
    conditions.put("burst-gap", burstGap);
    conditions.put("burst-loss", burstLoss);
    conditions.put("gap-loss", gapLoss);
    conditions.put("reorder", reorder);
    conditions.put("reorder-by", reorderBy);
    conditions.put("duplicate", duplicate);
    conditions.put("corrupt", corrupt);
    return conditions;
  }

  /**
   * Before anything is made: complains about what {@link #giveTo} would.
   *
   * @throws IllegalArgumentException with what is wrong, for people
   */
  void check() {
    PathText path = PathText.of(both(), 0);
    differences().values().forEach(changes -> path.with(changes, 0));
    if (hasOutages()) {
      Outage.parse(outages);
    }
  }

  boolean hasOutages() {
    return !outages.isEmpty();
  }

  /** Gives a link that was started with {@link #both} what the directions differ in. */
  void giveTo(Wan wan) {
    differences()
        .forEach(
            (direction, changes) -> {
              StringBuilder order = new StringBuilder("set " + direction);
              changes.forEach((key, value) -> order.append(" " + key + "=" + value.strip()));
              wan.obey(order.toString());
            });
    if (hasOutages()) {
      wan.obey("outage " + String.join(" ", outages));
    }
  }

  private Map<Direction, Map<String, String>> differences() {
    Map<Direction, Map<String, String>> differences = new EnumMap<>(Direction.class);
    differences.put(Direction.FORWARD, forward);
    differences.put(Direction.BACKWARD, backward);
    differences.values().removeIf(Map::isEmpty);
    return differences;
  }
}
