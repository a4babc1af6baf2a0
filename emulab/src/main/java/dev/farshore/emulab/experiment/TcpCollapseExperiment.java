package dev.farshore.emulab.experiment;

import dev.farshore.emulab.flow.FlowSpan;
import dev.farshore.emulab.flow.LinkFlow;
import dev.farshore.emulab.flow.ProcessorUse;
import dev.farshore.emulab.flow.SocketFacts;
import dev.farshore.emulab.flow.TcpBounds;
import dev.farshore.emulab.flow.TcpFlow;
import dev.farshore.emulab.testbed.Testbed;
import dev.farshore.emulab.testbed.Testbed.Kind;
import dev.farshore.emulab.tun.Namespace;
import dev.farshore.emulab.tun.TunReport;
import dev.farshore.emulab.tun.TunSettings;
import dev.farshore.emulab.tun.TunWan;
import dev.farshore.emulab.wan.Direction;
import dev.farshore.link.model.DropReason;
import dev.farshore.link.model.LinkCounters;
import dev.farshore.link.session.CodeSettings;
import dev.farshore.link.session.LinkSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One flow over a long and lossy path: kernel TCP, and our link (Maelstrom, NSDI'08, figure 1).
 * Live only, for the TCP is the kernel's. It says:
 *
 * <ul>
 *   <li>{@code goodput}: Mbit/s of payload that arrived in order in the measured time
 *   <li>{@code model}, for {@code reno}: what the model of Mathis says (CCR 27(3), 1997): segment /
 *       round trip x 1.22 / sqrt(loss); and {@code of-model}, the goodput as a share of it
 *   <li>{@code wire-loss}, {@code queue-loss}: shares of packets lost on the wire, and by a full
 *       queue before it
 *   <li>of the sending socket, in the end: {@code window} (segments), {@code round-trip-seen} (ms),
 *       {@code bbr-model} (Mbit/s; what BBR believes that the path carries)
 *   <li>what held it back, as shares of the measured time in which it had something to send, which
 *       together are 1 ({@link TcpBounds} says how they are told apart): {@code bound-wire}, {@code
 *       bound-control} (its congestion control: the window, or the model of BBR), {@code
 *       bound-receive-window}, {@code bound-send-buffer}, {@code bound-machine}
 *   <li>of our link: {@code redundancy}, repair and resent packets for each data packet
 *   <li>of this machine: {@code machine-busy}, a share of all its processors, and {@code wan-busy},
 *       a share of one
 * </ul>
 */
final class TcpCollapseExperiment implements Experiment {
  private static final String LINK = "farshore";
  private static final String RENO = "reno";
  private static final String ROUND_TRIP = "round-trip";
  private static final int SEGMENT_BYTES = 1_448;
  private static final double MATHIS = 1.22;
  private static final double MEGA = 1e6;
  private static final CodeSettings CODE = new CodeSettings.Layered(8, List.of(1, 10, 100));
  private static final long BURST_NANOS = 1_000_000;
  private static final long FLUSH_NANOS = 1_000_000;
  private static final long SLACK_NANOS = 50_000_000;
  private static final int DATAGRAM_BYTES = 1_400;

  /** Of the wire's rate, so that our link does not queue. */
  private static final double LINK_SHARE = 0.99;

  @Override
  public String name() {
    return "tcp-collapse";
  }

  @Override
  public List<Input> inputs() {
    return List.of(
        new Input("transport", "reno, cubic, bbr: the kernel's TCP; farshore: our link", "cubic"),
        new Input("loss", "share of packets that the wire loses, forward only", "0"),
        new Input(ROUND_TRIP, "of the wire, without its queue", "100ms"),
        new Input("rate", "of the wire, bits a second", "1Gbit"),
        new Input("queue", "before the wire; round-trip: as long as that", ROUND_TRIP),
        new Input("start-up", "time that does not count", "10s"),
        new Input("measured", "time that counts", "30s"));
  }

  @Override
  public Set<Kind> testbeds() {
    return Set.of(Kind.LIVE);
  }

  /** It is of one machine: the wire and both ends of the flow are in its namespaces. */
  @Override
  public boolean runsOnMachines() {
    return false;
  }

  @Override
  public void run(Point point, long seed, Testbed testbed, Samples samples) throws IOException {
    String name = "emulab-" + ProcessHandle.current().pid();
    TunSettings settings =
        TunSettings.between(
            new Namespace(name + "-near"), new Namespace(name + "-far"), wire(point), seed);
    try (TunWan wan = TunWan.start(settings)) {
      wan.obey("set backward loss=0");
      ProcessorUse use = new ProcessorUse(wan);
      FlowSpan span = new FlowSpan(point.nanos("start-up"), point.nanos("measured"), use);
      double rate =
          point.text("transport").equals(LINK)
              ? link(point, settings, span, samples)
              : tcp(point, settings, span, samples);
      samples.add("goodput", rate / MEGA);
      carried(wan.report(), samples);
      samples.machine("machine-busy", use.machine());
      samples.machine("wan-busy", use.wan());
    } catch (UncheckedIOException e) {
      throw new IOException(e.getCause().getMessage(), e);
    }
  }

  private static Map<String, String> wire(Point point) {
    long nanos = point.nanos(ROUND_TRIP);
    String queue = point.text("queue");
    Map<String, String> wire = new LinkedHashMap<>();
    wire.put("delay", nanos / 2 + "ns");
    wire.put("rate", point.text("rate"));
    wire.put("queue", queue.equals(ROUND_TRIP) ? nanos + "ns" : queue);
    wire.put("loss", 100 * point.share("loss") + "%");
    return wire;
  }

  private static double tcp(Point point, TunSettings ends, FlowSpan span, Samples samples)
      throws IOException {
    String control = point.text("transport");
    TcpFlow.Seen seen = TcpFlow.run(ends, control, point.bitsPerSecond("rate"), span);
    SocketFacts end = seen.ended();
    end.number("cwnd").ifPresent(segments -> samples.add("window", segments));
    end.number("rtt").ifPresent(millis -> samples.add("round-trip-seen", millis));
    end.modelBitsPerSecond().ifPresent(bits -> samples.add("bbr-model", bits / MEGA));
    TcpBounds bounds = seen.bounds();
    samples.add("bound-wire", bounds.wire());
    samples.add("bound-control", bounds.control());
    samples.add("bound-receive-window", bounds.receiveWindow());
    samples.add("bound-send-buffer", bounds.sendBuffer());
    samples.add("bound-machine", bounds.machine());
    samples.add("bound-unseen", bounds.unseen());
    double loss = point.share("loss");
    if (control.equals(RENO) && loss > 0) {
      double model = mathis(loss, point.nanos(ROUND_TRIP));
      samples.add("model", model / MEGA);
      samples.add("of-model", seen.bitsPerSecond() / model);
    }
    return seen.bitsPerSecond();
  }

  /** Bits a second. */
  static double mathis(double loss, long roundTripNanos) {
    return SEGMENT_BYTES * 8e9 / roundTripNanos * MATHIS / Math.sqrt(loss);
  }

  private static double link(Point point, TunSettings ends, FlowSpan span, Samples samples)
      throws IOException {
    long rate = (long) (point.bitsPerSecond("rate") * LINK_SHARE);
    long carried = (long) (rate / 8e9 * (point.nanos(ROUND_TRIP) + SLACK_NANOS));
    LinkSettings settings =
        new LinkSettings(
            CODE,
            BURST_NANOS,
            FLUSH_NANOS,
            rate,
            DATAGRAM_BYTES,
            Math.toIntExact(Math.max(1 << 20, 2 * carried)));
    LinkFlow.Seen seen = LinkFlow.run(ends, settings, span);
    LinkFlow.Sent sent = seen.sender();
    samples.add("redundancy", (double) (sent.repair() + sent.resent()) / Math.max(1, sent.data()));
    return seen.bitsPerSecond();
  }

  private static void carried(TunReport report, Samples samples) {
    LinkCounters wire = report.of(Direction.FORWARD).packets().datagrams();
    double offered = Math.max(1, wire.offeredPackets());
    samples.add("wire-loss", wire.dropped(DropReason.LOSS) / offered);
    samples.add("queue-loss", wire.dropped(DropReason.QUEUE_FULL) / offered);
    if (!report.isValid()) {
      samples.invalid(
          report.failure().isEmpty()
              ? "packets were lost outside of the emulated link"
              : report.failure());
    }
  }
}
