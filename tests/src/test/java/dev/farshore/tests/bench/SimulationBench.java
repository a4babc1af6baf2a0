package dev.farshore.tests.bench;

import dev.farshore.emulab.testbed.Configuration;
import dev.farshore.emulab.testbed.Trial;
import dev.farshore.emulab.testbed.sim.Physics;
import dev.farshore.emulab.testbed.sim.SimulatedTestbed;
import dev.farshore.link.session.CodeSettings;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Packet events a second of the simulated testbed, with payloads elided and with real bytes, in
 * turns: the paper's eight storage machines and 64 testers at 1 Gbit/s and 50 ms round trip. An
 * event is a datagram that enters a wire or arrives from one.
 */
final class SimulationBench {
  private static final double NANOS_PER_SECOND = 1e9;

  private SimulationBench() {}

  /**
   * @param args rounds, and seconds of virtual time in each
   */
  public static void main(String[] args) throws IOException {
    int rounds = Integer.parseInt(args[0]);
    long measured = Long.parseLong(args[1]) * 1_000_000_000L;
    Trial trial =
        new Trial(
            Configuration.named("network-sync-3").orElseThrow(),
            new Trial.Link(
                new CodeSettings.Layered(8, List.of(1, 10, 100)), 1_000_000, 1_000_000_000),
            Map.of("delay", "25ms", "rate", "1Gbit"),
            new Trial.Load(8, 64, 512 << 10, 0),
            new Trial.Course(0, 500_000_000, measured, Optional.empty()));
    for (int round = 1; round <= rounds; round++) {
      for (Physics physics : List.of(Physics.USUAL, Physics.REAL_BYTES)) {
        long start = System.nanoTime();
        SimulatedTestbed.Weighed weighed = new SimulatedTestbed(physics).weigh(trial, round);
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        System.out.printf(
            Locale.ROOT,
            "round %d, 1 byte for %d: %,d events in %.2f s, %,.0f a second; %.1f Mbit/s%n",
            round,
            physics.elision(),
            weighed.packetEvents(),
            seconds,
            weighed.packetEvents() / seconds,
            weighed.outcome().goodputBits() / 1e6);
      }
    }
  }
}
