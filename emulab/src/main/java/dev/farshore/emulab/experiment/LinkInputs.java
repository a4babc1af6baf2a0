package dev.farshore.emulab.experiment;

import dev.farshore.emulab.experiment.Experiment.Input;
import dev.farshore.emulab.testbed.link.Writer;
import dev.farshore.link.session.LinkSettings;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What experiments on one link session have in common with those on whole sites. */
final class LinkInputs {

  private static final List<String> SHARED =
      List.of("delay", "rate", "code", "r", "c", "interleave", "burst");

  /** As the product and both testbeds have it where nothing is said. */
  private static final Input FLUSH =
      new Input("flush", "for how long an open coding group waits for more packets", "1ms");

  /** Records of 4 KiB: three packets and a bit. */
  private static final int DATAGRAM_BYTES = 1400;

  private static final int LEAST_WINDOW_BYTES = 4 << 20;

  private LinkInputs() {}

  /** Those of a link, and others after them. */
  static List<Input> and(Input... own) {
    Map<String, Input> known =
        Trials.INPUTS.stream().collect(Collectors.toMap(Input::name, Function.identity()));
    return Stream.of(SHARED.stream().map(known::get), Stream.of(FLUSH), Stream.of(own))
        .flatMap(Function.identity())
        .toList();
  }

  /** A window that holds three round trips and the span of the code. */
  static LinkSettings settings(Point point) {
    long rate = point.bitsPerSecond("rate");
    double seconds = 2 * point.nanos("delay") / 1e9 + 0.01;
    int window = Math.max(LEAST_WINDOW_BYTES, Math.toIntExact((long) (3 * seconds * rate / 8)));
    return new LinkSettings(
        Trials.code(point),
        point.nanos("burst"),
        point.nanos("flush"),
        rate,
        DATAGRAM_BYTES,
        window);
  }

  /** Who writes: {@code full} for as much as the link takes, {@code one} for one after another. */
  static Writer writer(Point point, LinkSettings settings, SplittableRandom random) {
    int record = point.bytes("request");
    String writes = point.text("writes");
    return switch (writes) {
      case "full" -> Writer.fullRate(record);
      case "one" ->
          Writer.oneAtATime(record, settings.code().levels(), point.nanos("pause"), random);
      default ->
          throw new IllegalArgumentException("writes: '" + writes + "' is neither full nor one");
    };
  }
}
