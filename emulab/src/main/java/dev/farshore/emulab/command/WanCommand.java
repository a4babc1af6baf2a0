package dev.farshore.emulab.command;

import dev.farshore.agent.config.Address;
import dev.farshore.agent.config.Quantity;
import dev.farshore.emulab.wan.ControlSocket;
import dev.farshore.emulab.wan.PathText;
import dev.farshore.emulab.wan.WanRelay;
import dev.farshore.emulab.wan.WanSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code emulab wan}. */
@Command(
    name = "wan",
    description = {
      "Relays UDP and TCP between two sites over an emulated wide-area link.",
      "",
      "UDP is treated datagram by datagram, with every fault below. TCP is a stream of bytes:"
          + " delayed each way and held to the rate, but never lossy, because TCP would repair that"
          + " itself; a connection is accepted here at once and made to the far end one delay"
          + " later. All conditions hold for each direction by itself."
    },
    sortOptions = false,
    footerHeading = "%nOrders, at --control, with emulab wan-control, or at standard input:%n",
    footer = {
      "  close-entrance [forward|backward]    nothing new enters; what is in flight still arrives",
      "  open-entrance [forward|backward]",
      "  set [forward|backward] KEY=VALUE...  for example: set loss=0.5%% delay=50ms",
      "  show, stats [json], help, quit"
    })
final class WanCommand implements Callable<Integer> {

  private static final Map<String, String> D = PathText.DEFAULTS;

  @Spec private CommandSpec spec;

  @Option(
      names = "--listen",
      required = true,
      paramLabel = "ADDR",
      description = "Where clients find the relay, UDP and TCP: HOST:PORT.")
  private String listen;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "ADDR",
      description = "The far end, the same port for UDP and TCP: HOST:PORT.")
  private String to;

  @Option(names = "--delay", paramLabel = "TIME", description = "One way. Default: 25ms.")
  private String delay = D.get("delay");

  @Option(
      names = "--jitter",
      paramLabel = "TIME",
      description = "The delay wanders up to so much above it, without reordering. Default: 0.")
  private String jitter = D.get("jitter");

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      description = "IP and UDP headers counted, or 'unlimited'. Default: 1Gbit.")
  private String rate = D.get("rate");

  @Option(
      names = "--queue",
      paramLabel = "TIME|SIZE",
      description = "What waits before the rate; the rest is dropped. Default: 50ms.")
  private String queue = D.get("queue");

  @Option(names = "--loss", paramLabel = "SHARE", description = "Lost on the wire. Default: 0.")
  private String loss = D.get("loss");

  @Option(
      names = "--burst",
      paramLabel = "N|TIME",
      description =
          "Losses come in runs of N datagrams on average (Gilbert-Elliott), or in outages of TIME;"
              + " 1: each for itself. Default: 1.")
  private String burst = D.get("burst");

  @Option(
      names = "--burst-gap",
      paramLabel = "TIME",
      description = "Shortest time between two outages. Default: 0.")
  private String burstGap = D.get("burst-gap");

  @Option(names = "--reorder", paramLabel = "SHARE", description = "Held back. Default: 0.")
  private String reorder = D.get("reorder");

  @Option(
      names = "--reorder-by",
      paramLabel = "TIME",
      description = "At most so long. Default: 1ms.")
  private String reorderBy = D.get("reorder-by");

  @Option(names = "--duplicate", paramLabel = "SHARE", description = "Arrive twice. Default: 0.")
  private String duplicate = D.get("duplicate");

  @Option(names = "--corrupt", paramLabel = "SHARE", description = "Are damaged. Default: 0.")
  private String corrupt = D.get("corrupt");

  @Option(names = "--seed", paramLabel = "N", description = "Of all chance. Default: 7.")
  private long seed = 7;

  @Option(
      names = "--control",
      paramLabel = "PATH",
      description = "A Unix socket that takes orders; see emulab wan-control.")
  private Path control;

  @Option(
      names = "--report",
      paramLabel = "TIME",
      description =
          "How often to print what was passed and dropped; 0: at the end only." + " Default: 10s.")
  private String report = "10s";

  @Option(names = "--json", description = "Reports as lines of JSON.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  private boolean help;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    long reportNanos = reportNanos();
    try (WanRelay relay = start();
        ControlSocket socket =
            control == null ? null : ControlSocket.listen(control, relay::obey)) {
      if (!json) {
        out.println(
            "wan: " + listen + " -> " + to + (socket == null ? "" : ", orders: " + control));
        out.println(relay.obey("show"));
        out.flush();
      }
      Thread last = new Thread(() -> leave(relay, socket, out), "last-report");
      Runtime.getRuntime().addShutdownHook(last);
      Thread.ofPlatform().daemon().name("stdin").start(new StandardInput(relay, out));
      untilQuit(relay, out, reportNanos);
      if (Runtime.getRuntime().removeShutdownHook(last)) {
        print(relay, out);
      }
      return Emulab.OK;
    } catch (UncheckedIOException e) {
      spec.commandLine().getErr().println(e.getCause().getMessage());
      return Emulab.FAILED;
    }
  }

  private WanRelay start() {
    try {
      return WanRelay.start(
          new WanSettings(address("--listen", listen), address("--to", to), conditions(), seed));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static InetSocketAddress address(String option, String text) {
    InetSocketAddress address = parse(option, text).resolve();
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(option + ": there is no host " + address.getHostString());
    }
    return address;
  }

  private static Address.Internet parse(String option, String text) {
    try {
      return Address.parseInternet(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
    }
  }

  private Map<String, String> conditions() {
    Map<String, String> conditions = new LinkedHashMap<>();
    conditions.put("delay", delay);
    conditions.put("jitter", jitter);
    conditions.put("rate", rate);
    conditions.put("queue", queue);
    conditions.put("loss", loss);
    conditions.put("burst", burst);
    conditions.put("burst-gap", burstGap);
    conditions.put("reorder", reorder);
    conditions.put("reorder-by", reorderBy);
    conditions.put("duplicate", duplicate);
    conditions.put("corrupt", corrupt);
    return conditions;
  }

  private long reportNanos() {
    try {
      return report.equals("0") ? Long.MAX_VALUE : Quantity.DURATION.parse(report);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--report: " + e.getMessage(), e);
    }
  }

  private void untilQuit(WanRelay relay, PrintWriter out, long everyNanos) {
    while (true) {
      try {
        relay.quitOrdered().get(everyNanos, TimeUnit.NANOSECONDS);
        return;
      } catch (TimeoutException due) {
        print(relay, out);
      } catch (InterruptedException | ExecutionException e) {
        throw new IllegalStateException("Nobody interrupts this", e);
      }
    }
  }

  /** Ended by a signal. */
  private void leave(WanRelay relay, ControlSocket socket, PrintWriter out) {
    print(relay, out);
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        spec.commandLine().getErr().println(e.getMessage());
      }
    }
  }

  private void print(WanRelay relay, PrintWriter out) {
    out.println(json ? relay.report().json() : relay.report().text());
    out.flush();
  }
}
