package dev.farshore.emulab.testbed.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.machine.Needs;
import dev.farshore.emulab.testbed.Configuration;
import dev.farshore.emulab.testbed.Outcome;
import dev.farshore.emulab.testbed.Trial;
import dev.farshore.link.session.CodeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two real agents, the emulated WAN between them, and real clients. */
@Timeout(240)
class LiveTestbedTest {
  private static final long MILLIS = 1_000_000;

  @TempDir Path directory;

  @BeforeEach
  void needsNamespaces() {
    Needs.namespaces();
  }

  @AfterEach
  void leavesNothingBehind() throws IOException {
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(), left.toList());
    }
    String own = "emulab-" + ProcessHandle.current().pid() + "-";
    try (Stream<Path> left = Files.list(Path.of("/run/netns"))) {
      assertEquals(
          List.of(), left.filter(p -> p.getFileName().toString().startsWith(own)).toList());
    }
    assertEquals(
        0,
        ProcessHandle.current()
            .children()
            .filter(child -> child.info().commandLine().orElse("").contains(directory.toString()))
            .count());
  }

  private static Trial trial(String configuration, Optional<Trial.Disaster> disaster) {
    return new Trial(
        Configuration.named(configuration).orElseThrow(),
        new Trial.Link(new CodeSettings.Layered(8, List.of(1, 10, 100)), MILLIS, 40_000_000),
        Map.of("delay", "25ms", "rate", "60Mbit"),
        new Trial.Load(2, 4, 4096, 0),
        new Trial.Course(0, 1_000 * MILLIS, 1_000 * MILLIS, disaster));
  }

  /** So far away that a busy machine does not close or cut the link too late. */
  private static Trial at(String delay, Trial trial) {
    return new Trial(
        trial.configuration(),
        trial.link(),
        Map.of("delay", delay, "rate", "60Mbit"),
        trial.load(),
        trial.course());
  }

  @Test
  void figuresOfAQuietTrialHangTogether() throws Exception {
    Trial trial = trial("remote-sync", Optional.empty());
    Outcome outcome = new LiveTestbed(directory).run(trial, 1);
    assertEquals("", outcome.invalid());
    assertTrue(outcome.losses().isEmpty());
    assertTrue(outcome.acknowledgedRequests() > 10, outcome.toString());
    assertEquals(outcome.acknowledgedRequests(), outcome.clientLatency().getTotalCount());
    double roundTrip = 50_000;
    assertTrue(outcome.clientLatency().getMinValue() >= roundTrip, outcome.toString());
    assertTrue(outcome.mirroringLatency().getMean() > roundTrip / 2, outcome.toString());
    assertTrue(outcome.mirroredBits() > outcome.goodputBits() / 2, outcome.toString());
    assertEquals(0, outcome.wire().lost());
    assertEquals(0, outcome.wire().repair());
    assertTrue(outcome.wire().offered() >= outcome.wire().data(), outcome.toString());
    assertTrue(outcome.wire().bits() > outcome.mirroredBits() / 2, outcome.toString());
  }

  @Test
  void networkSyncLosesNothingAndLocalSyncWhatASeveredLinkHeld() throws Exception {
    Trial.Disaster lossy = new Trial.Disaster(Map.of("loss", "1%"), 300 * MILLIS, false);
    Outcome covered =
        new LiveTestbed(directory).run(at("250ms", trial("network-sync-3", Optional.of(lossy))), 2);
    assertEquals("", covered.invalid());
    assertTrue(covered.losses().orElseThrow().acknowledged() > 10, covered.toString());
    assertEquals(0, covered.losses().orElseThrow().missing(), covered.toString());
    assertTrue(covered.wire().repair() > 0, covered.toString());
    Trial.Disaster severed = new Trial.Disaster(Map.of(), 0, true);
    Trial far = at("250ms", trial("local-sync", Optional.of(severed)));
    Outcome local = new LiveTestbed(directory).run(far, 3);
    assertEquals("", local.invalid());
    assertTrue(local.losses().orElseThrow().missing() > 0, local.toString());
  }

  @Test
  void aTrialThatCannotBeStartedLeavesNothing() {
    Trial good = trial("local-sync", Optional.empty());
    Trial bad =
        new Trial(
            good.configuration(), good.link(), Map.of("delay", "soon"), good.load(), good.course());
    org.junit.jupiter.api.Assertions.assertThrows(
        IllegalArgumentException.class, () -> new LiveTestbed(directory).run(bad, 1));
  }
}
