package dev.farshore.emulab.experiment;

import dev.farshore.emulab.experiment.Experiment.Input;
import dev.farshore.emulab.testbed.Configuration;
import dev.farshore.emulab.testbed.Outcome;
import dev.farshore.emulab.testbed.Trial;
import dev.farshore.link.session.CodeSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** How experiments on whole sites say a {@link Trial} with inputs, and an {@link Outcome}. */
public final class Trials {

  /** Every input of a trial. The usual values are those of SMFS (FAST'09, table 2). */
  public static final List<Input> INPUTS =
      List.of(
          new Input(
              "configuration",
              "what a reply waits for, and whether packets are coded",
              "network-sync-3"),
          new Input("delay", "of the wire, one way", "25ms"),
          new Input("loss", "share of packets that the wire loses, both ways", "0"),
          new Input("loss-burst", "packets, or milliseconds, that are lost together", "1"),
          new Input("rate", "of the wire and of the site's link, bits a second", "1Gbit"),
          new Input("queue", "before the wire", "50ms"),
          new Input("code", "layered, or reed-solomon", "layered"),
          new Input("r", "data packets in a coding group", "8"),
          new Input("c", "repair packets for them", "3"),
          new Input("interleave", "of the layers, of which the first c are used", "1,10,100"),
          new Input("burst", "outage that covered records survive", "1ms"),
          new Input("groups", "storage machines at each site", "8"),
          new Input("testers", "at the primary, each with one request outstanding", "64"),
          new Input("request", "bytes of one write", "512KiB"),
          new Input("pause", "of a tester, from a reply to the next request", "0"),
          new Input("warm-up", "live: load before that, as young processes compile", "10s"),
          new Input("settle", "load before what is measured", "2s"),
          new Input("measured", "load that is measured", "180s"));

  private static final double[] PERCENTILES = {1, 5, 10, 25, 50, 75, 90, 95, 99, 99.9, 100};
  private static final double MICROS_PER_MILLI = 1000;
  private static final double MEGA = 1e6;

  private Trials() {}

  /**
   * The inputs of a trial, some of them with other usual values, and others beside them.
   *
   * @param own in place of the input of the same name, or after all
   */
  public static List<Input> inputs(Input... own) {
    Map<String, Input> inputs = new LinkedHashMap<>();
    Stream.concat(INPUTS.stream(), Stream.of(own)).forEach(one -> inputs.put(one.name(), one));
    return List.copyOf(inputs.values());
  }

  /**
   * @throws IllegalArgumentException if the point makes no trial, for people
   */
  public static Trial of(Point point, Optional<Trial.Disaster> disaster) {
    String name = point.text("configuration");
    Configuration configuration =
        Configuration.named(name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no configuration '" + name + "'; there are " + names()));
    Trial.Link link =
        new Trial.Link(code(point), point.nanos("burst"), point.bitsPerSecond("rate"));
    Trial.Load load =
        new Trial.Load(
            point.count("groups"),
            point.count("testers"),
            point.bytes("request"),
            point.nanos("pause"));
    Trial.Course course =
        new Trial.Course(
            point.nanos("warm-up"), point.nanos("settle"), point.nanos("measured"), disaster);
    return new Trial(configuration, link, wire(point), load, course);
  }

  private static String names() {
    return String.join(", ", Configuration.ALL.stream().map(Configuration::name).toList());
  }

  private static Map<String, String> wire(Point point) {
    Map<String, String> wire = new LinkedHashMap<>();
    wire.put("delay", point.text("delay"));
    wire.put("rate", point.text("rate"));
    wire.put("queue", point.text("queue"));
    wire.put("loss", point.text("loss"));
    wire.put("burst", point.text("loss-burst"));
    return wire;
  }

  /** The code that {@code code}, {@code r}, {@code c} and {@code interleave} say. */
  public static CodeSettings code(Point point) {
    int data = point.count("r");
    int repair = point.count("c");
    if (repair == 0) {
      return new CodeSettings.None();
    }
    return switch (point.text("code")) {
      case "layered" -> new CodeSettings.Layered(data, strides(point.text("interleave"), repair));
      case "reed-solomon" -> new CodeSettings.ReedSolomon(data, repair);
      default ->
          throw new IllegalArgumentException(
              "code: '" + point.text("code") + "' is neither layered nor reed-solomon");
    };
  }

  private static List<Integer> strides(String text, int layers) {
    List<Integer> strides = new ArrayList<>();
    for (String stride : text.split("\\s*,\\s*", -1)) {
      if (!stride.matches("[0-9]{1,6}")) {
        throw new IllegalArgumentException("interleave: '" + stride + "' is not a whole number");
      }
      strides.add(Integer.valueOf(stride));
    }
    if (layers > strides.size()) {
      throw new IllegalArgumentException(
          "c is " + layers + ", and interleave has " + strides.size() + " layers");
    }
    return strides.subList(0, layers);
  }

  /**
   * Says what every trial shows:
   *
   * <ul>
   *   <li>{@code goodput}, {@code mirrored}: Mbit/s of payload
   *   <li>{@code client-latency}, {@code mirroring-latency}: milliseconds, at percentiles; and
   *       {@code -50}, {@code -99}, {@code -mean} and {@code -deviation} of each
   *   <li>{@code wire-use}: Mbit/s; {@code wire-loss}: share of datagrams; {@code data}, {@code
   *       repair}, {@code resent}, {@code repaired}: packets
   *   <li>{@code acknowledged-all}, {@code missing}: requests, after a disaster; and {@code
   *       beyond-code}, those of the missing that the code could not give back with what arrived,
   *       where the testbed sees what the wire took
   * </ul>
   */
  public static void say(Trial trial, Outcome outcome, Samples samples) {
    if (!outcome.invalid().isEmpty()) {
      samples.invalid(outcome.invalid());
    }
    samples.add("goodput", outcome.goodputBits() / MEGA);
    samples.add("mirrored", outcome.mirroredBits() / MEGA);
    distribution("client-latency", outcome.clientLatency(), samples);
    distribution("mirroring-latency", outcome.mirroringLatency(), samples);
    Outcome.WireCount wire = outcome.wire();
    double seconds = trial.course().measuredNanos() / 1e9;
    samples.add("wire-use", wire.bits() / seconds / MEGA);
    samples.add("wire-loss", wire.offered() == 0 ? 0 : wire.lost() / (double) wire.offered());
    samples.add("data", wire.data());
    samples.add("repair", wire.repair());
    samples.add("resent", wire.resent());
    samples.add("repaired", wire.repaired());
    if (outcome.losses().isPresent()) {
      Outcome.Losses losses = outcome.losses().get();
      samples.add("acknowledged-all", losses.acknowledged());
      samples.add("missing", losses.missing());
      losses.beyondCode().ifPresent(beyond -> samples.add("beyond-code", beyond));
    }
  }

  /** Nothing of a distribution that nothing fell into. */
  private static void distribution(String metric, Histogram micros, Samples samples) {
    if (micros.getTotalCount() == 0) {
      return;
    }
    for (double percentile : PERCENTILES) {
      samples.add(metric, percentile, micros.getValueAtPercentile(percentile) / MICROS_PER_MILLI);
    }
    samples.add(metric + "-50", micros.getValueAtPercentile(50) / MICROS_PER_MILLI);
    samples.add(metric + "-99", micros.getValueAtPercentile(99) / MICROS_PER_MILLI);
    samples.add(metric + "-mean", micros.getMean() / MICROS_PER_MILLI);
    samples.add(metric + "-deviation", micros.getStdDeviation() / MICROS_PER_MILLI);
  }
}
