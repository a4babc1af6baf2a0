package dev.farshore.link.model;

import dev.farshore.link.port.Owner;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Virtual time on the test's own thread. */
final class SimulatedOwner implements Owner {

  private static final int MAX_STEPS = 1_000_000;
  private static final long SETTLED_NANOS = 1_000_000_000;

  final SimulatedNetwork network;
  private final Thread thread = Thread.currentThread();
  private boolean calling;

  SimulatedOwner(SimulatedNetwork network) {
    this.network = network;
  }

  @Override
  public <T> T call(Supplier<T> action) {
    calling = true;
    T result = action.get();
    calling = false;
    return result;
  }

  @Override
  public void until(String what, BooleanSupplier condition) {
    for (int steps = 0; !condition.getAsBoolean(); steps++) {
      long next = network.nextDeadlineNanos();
      if (next == Long.MAX_VALUE || steps == MAX_STEPS) {
        throw new AssertionError("Waited in vain for " + what);
      }
      network.poll(next);
    }
  }

  @Override
  public void settle() {
    network.poll(network.nowNanos() + SETTLED_NANOS);
  }

  /** Callbacks come while the network is polled, never from within a call. */
  @Override
  public boolean isOwnerThread() {
    return Thread.currentThread() == thread && !calling;
  }

  @Override
  public void close() {}
}
