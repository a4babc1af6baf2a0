package dev.farshore.emulab.tun.selftest;

import dev.farshore.emulab.tun.Namespace;
import dev.farshore.emulab.tun.TunReport;
import dev.farshore.emulab.tun.TunSettings;
import dev.farshore.emulab.tun.TunWan;
import dev.farshore.emulab.wan.Direction;
import dev.farshore.link.model.DropReason;
import dev.farshore.link.model.LinkCounters;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures a link against what it was told: delay, rate, loss, an outage, and TCP at a gigabit. It
 * takes about a minute, and says something only if the machine does nothing else.
 */
public final class SelfTest {

  private static final long MILLIS = 1_000_000;
  private static final long SECONDS = 1_000_000_000;
  private static final int PACKET_BYTES = 1_500;
  private static final int PAYLOAD_BYTES = PACKET_BYTES - UdpProbe.HEADER_BYTES;
  private static final long DELAY_TOLERANCE_NANOS = 300_000;
  private static final double RATE_TOLERANCE = 0.02;
  private static final double TCP_BITS_PER_SECOND = 900e6;
  private static final double SIGMAS = 3;

  private final Namespace near;
  private final Namespace far;
  private final Consumer<Finding> findings;
  private boolean passed = true;

  private SelfTest(String name, Consumer<Finding> findings) {
    near = new Namespace(name + "-near");
    far = new Namespace(name + "-far");
    this.findings = findings;
  }

  /**
   * @param name what its namespaces are called, with an ending each
   * @param findings told as they come
   * @return whether all passed
   * @throws IOException if the link or what measures it cannot be had
   */
  public static boolean run(String name, Consumer<Finding> findings) throws IOException {
    SelfTest test = new SelfTest(name, findings);
    test.delay("5ms", 5 * MILLIS);
    test.delay("25ms", 25 * MILLIS);
    test.delay("100ms", 100 * MILLIS);
    test.delayUnderLoad();
    test.rate("100Mbit", 100e6);
    test.rate("500Mbit", 500e6);
    test.loss();
    test.bursts();
    test.outage();
    test.tcp("5ms");
    test.tcp("25ms");
    return test.passed;
  }

  /** What is done with a running link. */
  private interface Measurement {
    void measure(TunWan wan, TunSettings settings) throws IOException;
  }

  private void with(String what, String conditions, Measurement measurement) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    for (String condition : conditions.split(" ")) {
      int equals = condition.indexOf('=');
      values.put(condition.substring(0, equals), condition.substring(equals + 1));
    }
    TunSettings settings = TunSettings.between(near, far, values, 7);
    try (TunWan wan = TunWan.start(settings)) {
      measurement.measure(wan, settings);
      TunReport report = wan.report();
      if (!report.isValid()) {
        tell(what + ": lost outside of the link", report.text().strip(), "nothing", false);
      }
    }
  }

  private void tell(String what, String measured, String wanted, boolean good) {
    passed &= good;
    findings.accept(new Finding(what, measured, wanted, good));
  }

  private void delay(String text, long nanos) throws IOException {
    String what = "delay of " + text + ", idle";
    with(
        what,
        "delay=" + text,
        (wan, ends) ->
            tellDelay(
                what,
                UdpProbe.run(ends.near(), ends.far(), 100, 500, 250, drain(2 * nanos)),
                nanos));
  }

  private void delayUnderLoad() throws IOException {
    String what = "delay of 25ms, 300 Mbit/s of UDP";
    with(
        what,
        "delay=25ms",
        (wan, ends) ->
            tellDelay(
                what,
                UdpProbe.run(
                    ends.near(), ends.far(), PAYLOAD_BYTES, 75_000, 25_000, drain(100 * MILLIS)),
                25 * MILLIS + serialisationNanos(1e9)));
  }

  private static long serialisationNanos(double bitsPerSecond) {
    return (long) (PACKET_BYTES * Byte.SIZE * 1e9 / bitsPerSecond);
  }

  private void tellDelay(String what, UdpProbe.Trace trace, long wantedNanos) {
    long median = trace.delayAt(0.5);
    tell(
        what,
        format(
            "median %.3f ms, p99 %.3f ms, most %.3f ms",
            median * 1e-6, trace.delayAt(0.99) * 1e-6, trace.delayAt(1) * 1e-6),
        format("median %.3f ms, 0.3 ms more or less", wantedNanos * 1e-6),
        Math.abs(median - wantedNanos) <= DELAY_TOLERANCE_NANOS);
  }

  private void rate(String text, double bitsPerSecond) throws IOException {
    String what = "rate of " + text + ", 130 % offered";
    double packetsPerSecond = 1.3 * bitsPerSecond / (PACKET_BYTES * Byte.SIZE);
    with(
        what,
        "delay=5ms queue=20ms rate=" + text,
        (wan, ends) -> {
          UdpProbe.Trace trace =
              UdpProbe.run(
                  ends.near(),
                  ends.far(),
                  PAYLOAD_BYTES,
                  (int) (3 * packetsPerSecond),
                  packetsPerSecond,
                  drain(200 * MILLIS));
          long[] at = trace.arrivals();
          double seconds = (at[at.length - 1] - at[0]) * 1e-9;
          double rate = (at.length - 1.0) * PACKET_BYTES * Byte.SIZE / seconds;
          tell(
              what,
              format("%.2f Mbit/s", rate * 1e-6),
              format("%.2f Mbit/s, 2 %% more or less", bitsPerSecond * 1e-6),
              Math.abs(rate / bitsPerSecond - 1) <= RATE_TOLERANCE);
        });
  }

  private void loss() throws IOException {
    int packets = 100_000;
    double share = 0.01;
    with(
        "loss of 1 %",
        "delay=5ms loss=1%",
        (wan, ends) ->
            tellLoss(
                "loss of 1 %",
                UdpProbe.run(ends.near(), ends.far(), 100, packets, 20_000, drain(200 * MILLIS)),
                share,
                Math.sqrt(share * (1 - share) * packets)));
  }

  /** Losses come in runs; then the variance of their number grows (a two-state Markov chain). */
  private void bursts() throws IOException {
    int packets = 200_000;
    double share = 0.01;
    double mean = 10;
    double leave = 1 / mean;
    double correlation = 1 - leave - leave * share / (1 - share);
    double sigma = Math.sqrt(share * (1 - share) * packets * (1 + correlation) / (1 - correlation));
    with(
        "loss of 1 % in bursts of 10",
        "delay=5ms loss=1% burst=10",
        (wan, ends) -> {
          UdpProbe.Trace trace =
              UdpProbe.run(ends.near(), ends.far(), 100, packets, 20_000, drain(200 * MILLIS));
          tellLoss("loss of 1 % in bursts of 10", trace, share, sigma);
          LinkCounters counters = wan.report().of(Direction.FORWARD).packets().datagrams();
          double length = (double) counters.dropped(DropReason.LOSS) / counters.lossRuns();
          double error = Math.sqrt(mean * (mean - 1) / counters.lossRuns());
          tell(
              "mean length of a burst",
              format("%.2f packets", length),
              format("%.0f packets, %.2f more or less", mean, SIGMAS * error),
              Math.abs(length - mean) <= SIGMAS * error);
        });
  }

  private void tellLoss(String what, UdpProbe.Trace trace, double share, double sigma) {
    int packets = trace.delays().length;
    double lost = packets - trace.received();
    tell(
        what + " of " + packets + " packets",
        format("%.3f %%", 100 * lost / packets),
        format("%.3f %%, %.3f more or less", 100 * share, 100 * SIGMAS * sigma / packets),
        Math.abs(lost - share * packets) <= SIGMAS * sigma);
  }

  private void outage() throws IOException {
    double packetsPerSecond = 5_000;
    with(
        "outage of 300 ms",
        "delay=5ms",
        (wan, ends) -> {
          wan.obey("outage forward 500ms+300ms");
          UdpProbe.Trace trace =
              UdpProbe.run(
                  ends.near(), ends.far(), 100, 10_000, packetsPerSecond, drain(100 * MILLIS));
          double gapMillis = trace.longestGapNanos() * 1e-6;
          double lostMillis = (trace.delays().length - trace.received()) * 1_000 / packetsPerSecond;
          tell(
              "outage of 300 ms",
              format("nothing for %.2f ms, lost %.2f ms worth", gapMillis, lostMillis),
              "300 ms, 3 more or less",
              Math.abs(gapMillis - 300) <= 3 && Math.abs(lostMillis - 300) <= 3);
        });
  }

  private void tcp(String delay) throws IOException {
    String what = "TCP at 1 Gbit/s, " + delay + " each way";
    with(
        what,
        "rate=1Gbit queue=50ms delay=" + delay,
        (wan, ends) -> {
          double rate = TcpPump.run(ends.near(), ends.far(), 5 * SECONDS, 5 * SECONDS);
          TunReport.Late late = wan.report().of(Direction.FORWARD).late();
          tell(
              what,
              format(
                  "%.0f Mbit/s; late by %.3f ms (median), %.3f (p99)",
                  rate * 1e-6, late.medianNanos() * 1e-6, late.p99Nanos() * 1e-6),
              "at least 900 Mbit/s",
              rate >= TCP_BITS_PER_SECOND);
        });
  }

  private static UdpProbe.Drain drain(long nanos) {
    return UdpProbe.Drain.of(nanos);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
