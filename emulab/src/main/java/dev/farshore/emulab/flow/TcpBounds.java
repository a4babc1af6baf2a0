package dev.farshore.emulab.flow;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What held a TCP connection back, as shares of the time in which it had something to send. They
 * follow from what the kernel counts: the receive window and the send buffer have clocks of their
 * own ({@code tcpi_rwnd_limited}, {@code tcpi_sndbuf_limited}). The rest of each interval between
 * two looks is ascribed to the first of these that was nearly reached:
 *
 * <ol>
 *   <li>the wire: as many packets were sent as it carries
 *   <li>congestion control: as much is in flight as its congestion window allows, at either end of
 *       the interval for half of it; or, with BBR, as much was sent as its model says that the path
 *       carries
 *   <li>this machine: all of its processors were busy
 *   <li>none that was seen: nothing of this was so. What congestion control does between two looks
 *       is of this kind, such as the 200 ms in which BBR empties the path to measure its round
 *       trip; and so is one busy processor of several
 * </ol>
 *
 * @param wire 0 to 1, as all of them
 * @param unseen 1 less the others
 */
public record TcpBounds(
    double wire,
    double control,
    double receiveWindow,
    double sendBuffer,
    double machine,
    double unseen) {

  /** What counts as reached: pacing, bursts and a look in between never show all of it. */
  private static final double NEARLY = 0.9;

  /** IPv4, TCP, and its timestamps. */
  private static final int HEADER_BYTES = 52;

  private static final double MILLIS_PER_SECOND = 1000;

  /**
   * @param looks in their order, two or more
   * @param wireBitsPerSecond which counts IP packets with their headers
   */
  static TcpBounds of(List<SocketWatch.Look> looks, double wireBitsPerSecond) {
    double all = 0;
    double wire = 0;
    double control = 0;
    double window = 0;
    double buffer = 0;
    double machine = 0;
    for (int i = 1; i < looks.size(); i++) {
      SocketFacts from = looks.get(i - 1).socket();
      SocketFacts to = looks.get(i).socket();
      double busy = to.since(from, "busy");
      if (busy <= 0) {
        continue;
      }
      double byWindow = to.since(from, "rwnd_limited");
      double byBuffer = to.since(from, "sndbuf_limited");
      double rest = Math.max(0, busy - byWindow - byBuffer);
      all += busy;
      window += byWindow;
      buffer += byBuffer;
      if (sentPackets(from, to, busy) >= NEARLY * wireBitsPerSecond) {
        wire += rest;
      } else {
        double controlled = rest * controlled(from, to, busy);
        control += controlled;
        if (looks.get(i).processors().shareSince(looks.get(i - 1).processors()) >= NEARLY) {
          machine += rest - controlled;
        }
      }
    }
    if (all == 0) {
      throw new IllegalArgumentException("a connection that never had anything to send");
    }
    double known = wire + control + window + buffer + machine;
    return new TcpBounds(
        wire / all,
        control / all,
        window / all,
        buffer / all,
        machine / all,
        Math.max(0, 1 - known / all));
  }

  /** Bits a second of payload, again or for the first time. */
  private static double sent(SocketFacts from, SocketFacts to, double busyMillis) {
    return to.since(from, "bytes_sent") * Byte.SIZE * MILLIS_PER_SECOND / busyMillis;
  }

  private static double sentPackets(SocketFacts from, SocketFacts to, double busyMillis) {
    double segment = to.number("mss").orElse(1);
    return sent(from, to, busyMillis) * (segment + HEADER_BYTES) / segment;
  }

  private static double controlled(SocketFacts from, SocketFacts to, double busyMillis) {
    OptionalDouble began = from.modelBitsPerSecond();
    OptionalDouble ended = to.modelBitsPerSecond();
    if (began.isPresent() && ended.isPresent()) {
      double model = Math.min(began.getAsDouble(), ended.getAsDouble());
      if (sent(from, to, busyMillis) >= NEARLY * model) {
        return 1;
      }
    }
    return (windowFull(from) + windowFull(to)) / 2;
  }

  private static double windowFull(SocketFacts facts) {
    return facts.segmentsInFlight() >= NEARLY * facts.number("cwnd").orElse(0) ? 1 : 0;
  }
}
