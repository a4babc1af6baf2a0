package dev.farshore.emulab.testbed.sim;

import dev.farshore.link.model.SimulatedNetwork;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/** Moves virtual time on, from one event of the network or of an actor to the next. */
final class Clockwork {
  private final SimulatedNetwork network;
  private final Agenda agenda;

  Clockwork(SimulatedNetwork network, Agenda agenda) {
    this.network = network;
    this.agenda = agenda;
  }

  long nowNanos() {
    return network.nowNanos();
  }

  /** Everything happens that is due until then, that moment included. */
  void runUntil(long endNanos) {
    while (step(endNanos)) {
      // until nothing is left that is due
    }
    network.poll(endNanos);
  }

  /**
   * Goes on until something is so.
   *
   * @throws IOException if it is not by then
   */
  void await(String what, long patienceNanos, BooleanSupplier condition) throws IOException {
    long end = nowNanos() + patienceNanos;
    while (!condition.getAsBoolean()) {
      if (!step(end)) {
        throw new IOException(what + " did not come in " + patienceNanos / 1_000_000 + " ms");
      }
    }
  }

  private boolean step(long endNanos) {
    long arrival = network.nextDeadlineNanos();
    long action = agenda.nextNanos();
    if (Math.min(arrival, action) > endNanos) {
      return false;
    }
    if (arrival <= action) {
      network.poll(arrival);
    } else {
      network.poll(action);
      agenda.actFirst(action);
    }
    return true;
  }
}
