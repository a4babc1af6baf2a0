package dev.farshore.emulab.testbed.sim;

import dev.farshore.emulab.testbed.Outcome;
import dev.farshore.emulab.testbed.Testbed;
import dev.farshore.emulab.testbed.Trial;
import java.io.IOException;

/** Runs trials in virtual time. The outcome follows from the trial and the seed. */
public final class SimulatedTestbed implements Testbed {
  private final Physics physics;
  private long packetEvents;

  public SimulatedTestbed() {
    this(Physics.USUAL);
  }

  public SimulatedTestbed(Physics physics) {
    this.physics = physics;
  }

  @Override
  public Kind kind() {
    return Kind.SIM;
  }

  @Override
  public Outcome run(Trial trial, long seed) throws IOException {
    SimulatedRun run = new SimulatedRun(trial, physics, seed);
    try {
      Outcome outcome = run.run();
      packetEvents = run.packetEvents();
      return outcome;
    } finally {
      run.close();
    }
  }

  /**
   * Packet events of the latest trial: datagrams that entered a wire, and datagrams that arrived
   * from one, in both directions.
   */
  public long packetEvents() {
    return packetEvents;
  }
}
