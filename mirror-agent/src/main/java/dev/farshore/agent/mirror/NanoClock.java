package dev.farshore.agent.mirror;

/** Monotonic time for callbacks that come without it; a simulation has its own. */
@FunctionalInterface
public interface NanoClock {
  long nanoTime();
}
