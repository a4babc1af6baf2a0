package dev.farshore.emulab.testbed.sim;

import dev.farshore.emulab.testbed.Outcome;
import dev.farshore.emulab.testbed.Testbed;
import dev.farshore.emulab.testbed.Trial;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/** Runs trials in virtual time. The outcome follows from the trial and the seed. */
public final class SimulatedTestbed implements Testbed {
  private final Physics physics;

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
      return run.run();
    } finally {
      run.close();
    }
  }

  /**
   * Runs a trial and says what it took.
   *
   * @param packetEvents datagrams that entered a wire, and datagrams that arrived from one, in both
   *     directions
   * @param memoryBytes what is held when the load ends: sites, disks, and what is on the wire
   */
  public record Weighed(Outcome outcome, long packetEvents, long memoryBytes) {}

  /** Like {@link #run}. Takes the time of a collection of all garbage at the end. */
  public Weighed weigh(Trial trial, long seed) throws IOException {
    SimulatedRun run = new SimulatedRun(trial, physics, seed);
    try {
      Outcome outcome = run.run();
      System.gc();
      return new Weighed(outcome, run.packetEvents(), heldBytes());
    } finally {
      run.close();
    }
  }

  /** On the heap, and in buffers beside it. */
  private static long heldBytes() {
    long held = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      held += pool.getMemoryUsed();
    }
    return held;
  }
}
