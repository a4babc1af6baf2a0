package dev.farshore.tests.disaster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.testbed.Configuration;
import dev.farshore.emulab.testbed.Configuration.Acknowledged;
import dev.farshore.emulab.testbed.Outcome.Losses;
import dev.farshore.emulab.testbed.Trial;
import dev.farshore.emulab.testbed.sim.Physics;
import dev.farshore.emulab.testbed.sim.SimulatedTestbed;
import dev.farshore.link.session.CodeSettings;
import dev.farshore.log.disk.DiskTiming;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SMFS (FAST'09), figure 6, for two whole agents on the simulated testbed: what was acknowledged
 * and is not at the promoted mirror, by mode. The properties {@code disaster.sites} and {@code
 * disaster.loss} make more disasters than one of each kind, and choose one loss: some hundreds tell
 * the shares of the coverage levels apart.
 *
 * <p>The testbed judges each request by what the wire took; that nothing is there which the wire
 * did not bring, it checks itself.
 */
final class SiteDisasterTest {
  private static final int RUNS = Integer.getInteger("disaster.sites", 1);
  private static final int LEVELS = 3;
  private static final int RECORD_BYTES = 4096;
  private static final int WRITERS = 64;
  private static final long RATE = 100_000_000;
  private static final long MS = 1_000_000;

  /**
   * From a reply that comes at once to the next write: a fifth more than 8/11 of the rate in all.
   */
  private static final long LOCAL_PAUSE_NANOS =
      (long) (WRITERS * RECORD_BYTES * 8 * 1e9 * 11 / 8 / 1.2 / RATE);

  /** Every byte is there, and an agent's loop comes round for nearly everything that happens. */
  private static final SimulatedTestbed TESTBED =
      new SimulatedTestbed(new Physics(DiskTiming.SOLID_STATE, 20_000, 1));

  private static final Configuration LOCAL = Configuration.named("local-sync+FEC").orElseThrow();

  private static List<Double> losses() {
    String chosen = System.getProperty("disaster.loss", "");
    return chosen.isEmpty() ? List.of(0.001, 0.005, 0.01) : List.of(Double.valueOf(chosen));
  }

  private static Configuration network(int level) {
    return new Configuration("network-sync-" + level, Acknowledged.ON_THE_WIRE, true, level);
  }

  private static List<Configuration> configurations() {
    return List.of(LOCAL, network(0), network(1), network(2), network(LEVELS));
  }

  /** The wire is clean for 100 ms, and loses packets for half a second before the site is gone. */
  private static Losses disaster(Configuration configuration, double loss, long seed)
      throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    boolean local = configuration.acknowledged() == Acknowledged.LOCALLY;
    long lossy = 500 * MS + random.nextLong(5 * MS);
    Trial trial =
        new Trial(
            configuration,
            new Trial.Link(new CodeSettings.Layered(8, List.of(1, 10, 100)), MS, RATE),
            Map.of("delay", "25ms"),
            new Trial.Load(1, WRITERS, RECORD_BYTES, local ? LOCAL_PAUSE_NANOS : 0),
            new Trial.Course(
                0,
                100 * MS + random.nextLong(5 * MS),
                lossy,
                Optional.of(new Trial.Disaster(Map.of("loss", 100 * loss + "%"), lossy, false))));
    return TESTBED.run(trial, seed).losses().orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("losses")
  void whatWasAcknowledgedIsAtThePromotedMirrorUnlessTheWireLostMoreThanTheCodeRepairs(double loss)
      throws IOException {
    System.out.printf(
        Locale.ROOT,
        "two sites, loss %.1f %%, %d disasters each: acknowledged, missing, disasters that miss"
            + " some%n",
        loss * 100,
        RUNS);
    for (Configuration configuration : configurations()) {
      long acknowledged = 0;
      long missing = 0;
      int losing = 0;
      for (int run = 0; run < RUNS; run++) {
        long seed = 1000 * (long) (loss * 1e6) + run;
        Losses losses = disaster(configuration, loss, seed);
        String about = configuration.name() + ", loss " + loss + ", seed " + seed + ": " + losses;
        assertEquals(losses.beyondCode().orElseThrow(), losses.missing(), about);
        assertTrue(losses.acknowledged() > 100, about);
        acknowledged += losses.acknowledged();
        missing += losses.missing();
        losing += losses.missing() > 0 ? 1 : 0;
      }
      System.out.printf(
          "  %-18s %8d %6d %4d%n", configuration.name(), acknowledged, missing, losing);
      if (configuration.equals(LOCAL)) {
        assertEquals(RUNS, losing, "local loses what had not left");
      } else if (configuration.level() == LEVELS) {
        assertEquals(0, losing, "full coverage survives up to 1 % loss");
      }
    }
  }

  /** The clients' own count; {@code remote} survives any loss of one site (A4). */
  @Test
  void remoteLosesNothing() throws IOException {
    Losses losses = disaster(Configuration.named("remote-sync+FEC").orElseThrow(), 0.01, 7);
    assertEquals(0, losses.missing(), losses.toString());
    assertTrue(losses.acknowledged() > 100, losses.toString());
  }
}
