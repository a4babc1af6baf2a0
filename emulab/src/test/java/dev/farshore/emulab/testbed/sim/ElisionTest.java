package dev.farshore.emulab.testbed.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.testbed.Configuration;
import dev.farshore.emulab.testbed.Outcome;
import dev.farshore.emulab.testbed.Trial;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.session.CodeSettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ElisionTest {
  private static final long MS = 1_000_000;

  /** What elided payloads may change of an outcome, as a share of it. */
  private static final double TOLERANCE = 0.03;

  private static final CodeSettings PAPER = new CodeSettings.Layered(8, List.of(1, 10, 100));

  @ParameterizedTest
  @CsvSource({
    "network-sync-3, 0.5%, 16, 0",
    "remote-sync, 1%, 16, 0",
    "local-sync+FEC, 0, 4, 200",
    "network-sync-1, 0.1%, 1, 0",
    "network-sync-3, 1%, 4, 30",
  })
  void anOutcomeIsAsWithRealBytes(String configuration, String loss, int testers, int pauseMillis)
      throws IOException {
    Trial trial =
        new Trial(
            Configuration.named(configuration).orElseThrow(),
            new Trial.Link(PAPER, MS, 100_000_000),
            Map.of("delay", "10ms", "rate", "100Mbit", "loss", loss),
            new Trial.Load(testers == 1 ? 1 : 2, testers, 256 << 10, pauseMillis * MS),
            new Trial.Course(0, 500 * MS, 1500 * MS, Optional.empty()));
    Outcome real = new SimulatedTestbed(Physics.REAL_BYTES).run(trial, 11);
    Outcome elided = new SimulatedTestbed(Physics.USUAL).run(trial, 11);
    String about = configuration + ": " + real + " and " + elided;
    // Testers that wait for the same thing are answered together, before or after the end.
    double requests = testers + TOLERANCE * real.acknowledgedRequests();
    near(real.acknowledgedRequests(), elided.acknowledgedRequests(), requests, about);
    near(real.wire().offered(), elided.wire().offered(), TOLERANCE * real.wire().offered(), about);
    near(real.wire().bits(), elided.wire().bits(), TOLERANCE * real.wire().bits(), about);
    near(real.wire().data(), elided.wire().data(), TOLERANCE * real.wire().data(), about);
    near(real.wire().repair(), elided.wire().repair(), TOLERANCE * real.wire().repair(), about);
    // A few dozen events: their number follows from a draw for each packet.
    near(real.wire().lost(), elided.wire().lost(), 2 + 0.1 * real.wire().lost(), about);
    latencies(real.clientLatency(), elided.clientLatency(), about);
    latencies(real.mirroringLatency(), elided.mirroringLatency(), about);
  }

  private static void latencies(Histogram real, Histogram elided, String about) {
    for (double percentile : new double[] {25, 50, 75}) {
      near(
          real.getValueAtPercentile(percentile),
          elided.getValueAtPercentile(percentile),
          100 + 2 * TOLERANCE * real.getValueAtPercentile(percentile),
          percentile + " % of " + about);
    }
  }

  private static void near(double real, double elided, double tolerance, String about) {
    assertTrue(
        Math.abs(elided - real) <= tolerance, () -> elided + " is not near " + real + "; " + about);
  }

  @Test
  void shortRequestsKeepTheirBytes() {
    Trial trial =
        new Trial(
            Configuration.named("local-sync").orElseThrow(),
            new Trial.Link(PAPER, 0, 1_000_000_000),
            Map.of(),
            new Trial.Load(1, 1, 4096, 0),
            new Trial.Course(0, 0, MS, Optional.empty()));
    Sizes sizes = Sizes.of(trial, LinkConditions.PERFECT, Physics.USUAL.elision());
    assertEquals(4096, sizes.requestBytes());
    assertEquals(1_000_000_000, sizes.link().rateBitsPerSecond());
    assertEquals(Sizes.DATAGRAM_BYTES, sizes.link().datagramBytes());
  }
}
