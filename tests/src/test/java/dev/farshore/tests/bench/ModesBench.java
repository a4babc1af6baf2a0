package dev.farshore.tests.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * How long a write takes in each mode, over a near mirror and a far one. Run by {@code
 * tests/bin/bench-modes}.
 *
 * <p>Both pairs of agents run at the same time, one behind a short WAN and one behind a long one,
 * and are measured in turns. Each mode and depth has a group of its own, so that its status speaks
 * of nothing else.
 */
public final class ModesBench {
  private static final int NEAR_MILLIS = 10;
  private static final int FAR_MILLIS = 200;
  private static final long SECOND = 1_000_000_000L;
  private static final int[] DEPTHS = {1, 64};

  private static final String ALL_GROUPS =
      """
      segment = "16MiB"
      fold-batch = "16MiB"
      quota = "512MiB"
      start-wait = "5s"
      """;

  /** What is measured: a mode at a depth, at both distances. */
  private static final class Row {
    private final String mode;
    private final int depth;
    private final boolean flushing;
    private final Agent.Group group;
    private final List<Histogram> near = new ArrayList<>();
    private final List<Histogram> far = new ArrayList<>();

    Row(String mode, String lines, int depth, boolean flushing) {
      this.mode = mode;
      this.depth = depth;
      this.flushing = flushing;
      String name = mode.replace(" ", "").replace("+", "-") + "-" + depth;
      this.group = new Agent.Group(name, lines + "\n" + ALL_GROUPS);
    }

    Histogram measure(WanPair pair, long seed, long nanos) throws IOException {
      Histogram measured;
      try (LatencyClient client = pair.client(group.name(), seed)) {
        measured = flushing ? client.flushedWrites(nanos) : client.writes(depth, nanos);
      }
      pair.settle(group.name());
      return measured;
    }

    /** Median over the rounds of the ratio far to near. */
    double ratio(double percentile) {
      double[] ratios = new double[near.size()];
      for (int i = 0; i < ratios.length; i++) {
        ratios[i] =
            (double) far.get(i).getValueAtPercentile(percentile)
                / near.get(i).getValueAtPercentile(percentile);
      }
      return Rounds.median(ratios);
    }
  }

  private final Path directory;
  private final int rounds;
  private final int seconds;
  private final PrintStream results;

  private ModesBench(Path directory, int rounds, int seconds, PrintStream results) {
    this.directory = directory;
    this.rounds = rounds;
    this.seconds = seconds;
    this.results = results;
  }

  /**
   * @param arguments directory, file for one JSON object a line, rounds, seconds of each
   *     measurement, losses separated by commas
   */
  public static void main(String[] arguments) throws IOException {
    try (PrintStream results =
        new PrintStream(Files.newOutputStream(Path.of(arguments[1])), true)) {
      ModesBench bench =
          new ModesBench(
              Path.of(arguments[0]),
              Integer.parseInt(arguments[2]),
              Integer.parseInt(arguments[3]),
              results);
      for (String loss : arguments[4].split(",")) {
        bench.run(loss);
      }
    }
  }

  private static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int depth : DEPTHS) {
      rows.add(new Row("local", "mode = \"local\"", depth, false));
      for (int layers = 1; layers <= 3; layers++) {
        String lines = "mode = \"network\"\ncoverage = " + layers;
        rows.add(new Row("network " + layers, lines, depth, false));
      }
      rows.add(new Row("remote", "mode = \"remote\"", depth, false));
    }
    rows.add(new Row("local+flush", "mode = \"local\"", 1, true));
    return rows;
  }

  private void run(String loss) throws IOException {
    List<Row> rows = rows();
    List<Agent.Group> groups = rows.stream().map(row -> row.group).toList();
    Path home = directory.resolve("loss-" + loss.replace("%", ""));
    try (WanPair near = WanPair.start(home.resolve("near"), wan(NEAR_MILLIS, loss), groups);
        WanPair far = WanPair.start(home.resolve("far"), wan(FAR_MILLIS, loss), groups)) {
      for (Row row : rows) {
        row.measure(near, 0, SECOND / 2);
        row.measure(far, 0, SECOND / 2);
      }
      for (int round = 0; round < rounds; round++) {
        for (Row row : rows) {
          measure(row, round, near, far);
        }
      }
      print(loss, rows, near, far);
    }
  }

  private static List<String> wan(int roundTripMillis, String loss) {
    return List.of(
        "--delay=" + roundTripMillis / 2 + "ms", "--rate=1Gbit", "--loss=" + loss, "--seed=7");
  }

  /** Far and near in turns, and neither is always the first. */
  private void measure(Row row, int round, WanPair near, WanPair far) throws IOException {
    if (round % 2 == 0) {
      row.near.add(row.measure(near, round, seconds * SECOND));
      row.far.add(row.measure(far, round, seconds * SECOND));
    } else {
      row.far.add(row.measure(far, round, seconds * SECOND));
      row.near.add(row.measure(near, round, seconds * SECOND));
    }
  }

  private void print(String loss, List<Row> rows, WanPair near, WanPair far) throws IOException {
    System.out.printf(
        "loss %s, %d rounds of %d s; 4 KiB writes, microseconds%n", loss, rounds, seconds);
    System.out.printf(
        "%-12s %5s | %9s %9s %9s | %9s %9s %9s | %8s %8s | %8s %8s | %7s %7s%n",
        "mode",
        "depth",
        NEAR_MILLIS + "ms w/s",
        "median",
        "p99",
        FAR_MILLIS + "ms w/s",
        "median",
        "p99",
        "r median",
        "r p99",
        "repair",
        "far",
        "loss",
        "far");
    for (Row row : rows) {
      print(loss, row, near.wire(row.group.name()), far.wire(row.group.name()));
    }
    System.out.println();
  }

  private void print(String loss, Row row, JsonNode near, JsonNode far) {
    Histogram nearAll = sum(row.near);
    Histogram farAll = sum(row.far);
    System.out.printf(
        Locale.ROOT,
        "%-12s %5d | %9.0f %9.0f %9.0f | %9.0f %9.0f %9.0f | %8.2f %8.2f | %8.2f %8.2f | %6.2f%%"
            + " %6.2f%%%n",
        row.mode,
        row.depth,
        perSecond(nearAll),
        micros(nearAll, 50),
        micros(nearAll, 99),
        perSecond(farAll),
        micros(farAll, 50),
        micros(farAll, 99),
        row.ratio(50),
        row.ratio(99),
        near.path("overhead").asDouble(),
        far.path("overhead").asDouble(),
        100 * near.path("loss").asDouble(),
        100 * far.path("loss").asDouble());
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("loss", loss).put("mode", row.mode).put("depth", row.depth);
    line.put("ratioMedian", row.ratio(50)).put("ratioP99", row.ratio(99));
    side(line.putObject("near"), NEAR_MILLIS, nearAll, near);
    side(line.putObject("far"), FAR_MILLIS, farAll, far);
    results.println(line);
  }

  private void side(ObjectNode json, int roundTripMillis, Histogram all, JsonNode wire) {
    json.put("roundTripMillis", roundTripMillis);
    json.put("writesPerSecond", perSecond(all));
    json.put("medianMicros", micros(all, 50));
    json.put("p99Micros", micros(all, 99));
    json.set("wire", wire);
  }

  private static Histogram sum(List<Histogram> parts) {
    Histogram all = LatencyClient.histogram();
    parts.forEach(all::add);
    return all;
  }

  private double perSecond(Histogram all) {
    return (double) all.getTotalCount() / rounds / seconds;
  }

  private static double micros(Histogram latencies, double percentile) {
    return latencies.getValueAtPercentile(percentile) / 1e3;
  }
}
