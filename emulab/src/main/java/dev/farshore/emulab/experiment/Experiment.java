package dev.farshore.emulab.experiment;

import dev.farshore.emulab.testbed.Testbed;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** One experiment: what it varies, and how a point of it is run. Without state of its own. */
public interface Experiment {

  /** As plans say it: {@code throughput-loss}. */
  String name();

  /** What a plan may set, each with the value that holds where the plan says nothing. */
  List<Input> inputs();

  /** Where it can run; a link experiment in virtual time says {@code SIM} alone. */
  Set<Testbed.Kind> testbeds();

  /**
   * Whether it says what the machine or the whole process took, memory for example: what goes on
   * beside a run would be in its figures. Its simulated runs, too, are then done one at a time.
   */
  default boolean weighsMachine() {
    return false;
  }

  /**
   * Whether its live runs are trials of the testbed that it is given, and so can be on several
   * machines. One that makes a wire of its own, in namespaces of this machine, says no.
   */
  default boolean runsOnMachines() {
    return testbeds().contains(Testbed.Kind.LIVE);
  }

  /**
   * Runs a point once. Several may be run at the same time, each by a thread of its own.
   *
   * @param seed of all that is random, different for each point and repetition
   * @throws IOException if it could not be run, for people
   * @throws IllegalArgumentException if the point makes no sense, for people
   */
  void run(Point point, long seed, Testbed testbed, Samples samples)
      throws IOException, InterruptedException;

  /**
   * @param meaning one line for people, with the unit
   * @param usual value where a plan says nothing, as a plan would write it
   */
  record Input(String name, String meaning, String usual) {}
}
