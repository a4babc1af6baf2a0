package dev.farshore.emulab.flow;

import dev.farshore.emulab.tun.TunSettings;
import dev.farshore.emulab.tun.selftest.TcpPump;
import java.io.IOException;
import java.util.List;

/** One TCP connection of the kernel, sending all the time. */
public final class TcpFlow {

  /**
   * @param bitsPerSecond of payload that arrived
   * @param bounds what held it back in the measured time
   * @param ended what the sending end said when that was over
   */
  public record Seen(double bitsPerSecond, TcpBounds bounds, SocketFacts ended) {}

  private TcpFlow() {}

  /**
   * @param control as the kernel names it: {@code cubic}
   * @param wireBitsPerSecond of the wire between the ends, which counts IP packets
   */
  public static Seen run(TunSettings ends, String control, double wireBitsPerSecond, FlowSpan span)
      throws IOException {
    CongestionControl.choose(ends, control);
    try (SocketWatch watch = new SocketWatch(ends.near().namespace(), ends.far().address())) {
      double rate =
          TcpPump.run(
              ends.near(),
              ends.far(),
              span.startUpNanos(),
              span.measuredNanos(),
              begins -> {
                if (begins) {
                  watch.begin();
                  span.observer().begins();
                } else {
                  span.observer().ends();
                  watch.end();
                }
              });
      List<SocketWatch.Look> looks = watch.looks();
      return new Seen(rate, TcpBounds.of(looks, wireBitsPerSecond), looks.getLast().socket());
    }
  }
}
