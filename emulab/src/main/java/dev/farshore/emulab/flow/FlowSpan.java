package dev.farshore.emulab.flow;

import java.io.IOException;

/**
 * How long a flow runs, and who is told of it.
 *
 * @param startUpNanos that does not count
 * @param measuredNanos that counts
 */
public record FlowSpan(long startUpNanos, long measuredNanos, Observer observer) {

  /** Told on the thread that counts, which waits meanwhile: be quick. */
  public interface Observer {
    /** From now on it counts. */
    void begins() throws IOException;

    /** No more; the flow still runs. */
    void ends() throws IOException;
  }
}
