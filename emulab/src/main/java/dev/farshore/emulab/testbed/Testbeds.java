package dev.farshore.emulab.testbed;

import dev.farshore.emulab.testbed.live.LiveTestbed;
import dev.farshore.emulab.testbed.sim.SimulatedTestbed;

/** The testbed of each kind. */
public final class Testbeds {

  private Testbeds() {}

  /**
   * Costs nothing: what a testbed needs is looked for when it is run, for not every experiment runs
   * one.
   */
  public static Testbed of(Testbed.Kind kind) {
    return switch (kind) {
      case SIM -> new SimulatedTestbed();
      case LIVE -> new LiveTestbed();
    };
  }
}
