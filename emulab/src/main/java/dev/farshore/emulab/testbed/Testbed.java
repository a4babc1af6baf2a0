package dev.farshore.emulab.testbed;

import java.io.IOException;

/**
 * Runs trials. A live one runs one at a time; a simulated one as many as there are threads, which
 * share nothing.
 */
public interface Testbed {

  /** The two that there are. */
  enum Kind {
    /** Virtual time, from a seed. */
    SIM,
    /** Real processes, in real time; needs root. */
    LIVE
  }

  /** How many machines carry a trial. */
  enum Hosts {
    /** All of it. */
    ONE("one machine"),
    /** A site each, and the emulated link. */
    THREE("three machines");

    private final String text;

    Hosts(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  Kind kind();

  /** What it stands on: figures of one machine and of three are not the same thing. */
  default Hosts hosts() {
    return Hosts.ONE;
  }

  /**
   * Runs a trial from nothing to its end, and leaves nothing behind.
   *
   * @param seed of all that is random; on the simulated testbed the outcome follows from it
   * @throws IOException if the trial could not be run, for people; an outcome that is bad for the
   *     system under test is not that
   */
  Outcome run(Trial trial, long seed) throws IOException, InterruptedException;
}
