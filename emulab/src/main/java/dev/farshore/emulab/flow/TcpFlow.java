package dev.farshore.emulab.flow;

import dev.farshore.emulab.tun.TunSettings;
import dev.farshore.emulab.tun.selftest.TcpPump;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** One TCP connection of the kernel, sending all the time. */
public final class TcpFlow {

  /**
   * @param bitsPerSecond of payload that arrived
   * @param began what the sending end said when the measured time began
   * @param ended what it said when it was over
   */
  public record Seen(double bitsPerSecond, SocketFacts began, SocketFacts ended) {}

  private TcpFlow() {}

  /**
   * @param control as the kernel names it: {@code cubic}
   */
  public static Seen run(TunSettings ends, String control, FlowSpan span) throws IOException {
    CongestionControl.choose(ends, control);
    List<FutureTask<SocketFacts>> facts = new ArrayList<>();
    double rate =
        TcpPump.run(
            ends.near(),
            ends.far(),
            span.startUpNanos(),
            span.measuredNanos(),
            begins -> {
              facts.add(asking(ends));
              if (begins) {
                span.observer().begins();
              } else {
                span.observer().ends();
                answer(facts.getLast());
              }
            });
    return new Seen(rate, answer(facts.getFirst()), answer(facts.getLast()));
  }

  /** On a thread of its own: the one that counts must go on reading. */
  private static FutureTask<SocketFacts> asking(TunSettings ends) {
    FutureTask<SocketFacts> task =
        new FutureTask<>(() -> SocketFacts.of(ends.near().namespace(), ends.far().address()));
    Thread.ofPlatform().name("socket-facts").daemon().start(task);
    return task;
  }

  private static SocketFacts answer(FutureTask<SocketFacts> task) throws IOException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while a connection was asked", e);
    }
  }
}
