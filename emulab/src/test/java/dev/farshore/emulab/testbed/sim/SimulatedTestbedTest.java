package dev.farshore.emulab.testbed.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.testbed.Configuration;
import dev.farshore.emulab.testbed.Outcome;
import dev.farshore.emulab.testbed.Trial;
import dev.farshore.link.session.CodeSettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SimulatedTestbedTest {
  private static final long MS = 1_000_000;
  private static final long RATE = 50_000_000;
  private static final int BLOCK = 4096;

  private static Trial trial(
      String configuration, String delay, Optional<Trial.Disaster> disaster) {
    return new Trial(
        Configuration.named(configuration).orElseThrow(),
        new Trial.Link(new CodeSettings.Layered(8, List.of(1, 10, 100)), MS, RATE),
        Map.of("delay", delay, "rate", "50Mbit"),
        new Trial.Load(2, 16, BLOCK, 0),
        new Trial.Course(0, 300 * MS, 300 * MS, disaster));
  }

  private static Outcome run(Trial trial, long seed) throws IOException {
    return new SimulatedTestbed().run(trial, seed);
  }

  private static Optional<Trial.Disaster> disaster(String loss, boolean severed) {
    return Optional.of(new Trial.Disaster(Map.of("loss", loss), 200 * MS, severed));
  }

  @Test
  void theOutcomeFollowsFromTheSeed() throws IOException {
    Trial trial = trial("network-sync-3", "5ms", disaster("1%", false));
    Outcome first = run(trial, 7);
    Outcome second = run(trial, 7);
    assertEquals(first, second);
    assertTrue(first.wire().lost() > 0 && first.wire().repaired() > 0, first.toString());
  }

  @Test
  void remoteWaitsForTheRoundTripAndTheOthersDoNot() throws IOException {
    long roundTripMicros = 40_000;
    Outcome remote = run(trial("remote-sync", "20ms", Optional.empty()), 1);
    Outcome local = run(trial("local-sync", "20ms", Optional.empty()), 1);
    assertTrue(
        remote.clientLatency().getMinValue() >= roundTripMicros, "a reply before the mirror's");
    assertTrue(local.mirroringLatency().getMinValue() >= roundTripMicros / 2);
    assertTrue(local.goodputBits() > remote.goodputBits());
    assertTrue(local.goodputBits() < RATE, "no more than the link carries");
  }

  @Test
  void localLosesWhatHadNotLeft() throws IOException {
    Outcome.Losses losses =
        run(trial("local-sync", "5ms", disaster("1%", false)), 3).losses().orElseThrow();
    assertTrue(losses.missing() > 0, losses.toString());
    assertTrue(losses.missing() < losses.acknowledged(), losses.toString());
    assertEquals(losses.missing(), losses.beyondCode().orElseThrow(), losses.toString());
  }

  @Test
  void networkLosesNothingThatTheCodeRepairs() throws IOException {
    Outcome.Losses losses =
        run(trial("network-sync-3", "5ms", disaster("1%", false)), 3).losses().orElseThrow();
    assertTrue(losses.acknowledged() > 100, losses.toString());
    assertEquals(0, losses.missing(), losses.toString());
  }

  /** With every byte there, and with an eighth of them. */
  @Test
  void aRequestIsMissingExactlyWhereTheCodeCouldNotGiveItBack() throws IOException {
    long missing = 0;
    for (int seed = 0; seed < 24; seed++) {
      Trial small = trial("network-sync-" + (1 + seed % 3), "5ms", heavy(seed));
      Trial trial = seed % 4 == 3 ? withLargeRequests(small) : small;
      Outcome.Losses losses = run(trial, seed).losses().orElseThrow();
      assertEquals(losses.missing(), losses.beyondCode().orElseThrow(), "seed " + seed);
      missing += losses.missing();
    }
    assertTrue(missing > 100, "the wire must take more than the code repairs, not " + missing);
  }

  private static Optional<Trial.Disaster> heavy(int seed) {
    Map<String, String> wire =
        Map.of("loss", seed % 2 == 0 ? "12%" : "25%", "burst", seed % 5 == 0 ? "1" : "6");
    return Optional.of(new Trial.Disaster(wire, 100 * MS, seed % 6 == 5));
  }

  private static Trial withLargeRequests(Trial trial) {
    return new Trial(
        trial.configuration(),
        trial.link(),
        trial.wire(),
        new Trial.Load(2, 8, 256 << 10, 0),
        trial.course());
  }

  @Test
  void aSeveredWireTakesWhatIsInFlightExceptFromRemote() throws IOException {
    Outcome.Losses network =
        run(trial("network-sync-1", "60ms", disaster("0", true)), 5).losses().orElseThrow();
    Outcome.Losses remote =
        run(trial("remote-sync+FEC", "20ms", disaster("0", true)), 5).losses().orElseThrow();
    assertTrue(network.missing() > 0, network.toString());
    assertTrue(remote.acknowledged() > 20, remote.toString());
    assertEquals(0, remote.missing(), remote.toString());
  }
}
