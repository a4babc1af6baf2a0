package dev.farshore.emulab.command;

import dev.farshore.agent.config.Address;
import dev.farshore.agent.config.Quantity;
import dev.farshore.emulab.tun.Leftovers;
import dev.farshore.emulab.tun.Namespace;
import dev.farshore.emulab.tun.TunSettings;
import dev.farshore.emulab.tun.TunWan;
import dev.farshore.emulab.tun.selftest.SelfTest;
import dev.farshore.emulab.wan.ControlSocket;
import dev.farshore.emulab.wan.Wan;
import dev.farshore.emulab.wan.WanRelay;
import dev.farshore.emulab.wan.WanSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code emulab wan}. */
@Command(
    name = "wan",
    synopsisSubcommandLabel = "[ORDER]",
    description = {
      "An emulated wide-area link, of one of two kinds. All conditions hold for each direction by"
          + " itself.",
      "",
      "--between NEAR FAR joins two network namespaces, made if missing, by a device in each:"
          + " anything that speaks IP passes through it, and is treated packet by packet. Needs"
          + " root. Start programs with: ip netns exec NEAR PROGRAM.",
      "",
      "--listen ADDR --to ADDR relays UDP and TCP."
          + " UDP is treated datagram by datagram, with every fault below. TCP is a stream of bytes:"
          + " delayed each way and held to the rate, but never lossy, because TCP would repair that"
          + " itself: what an outage or a severed link keeps back comes later; a connection is accepted here at once and made to the far end one delay"
          + " later."
    },
    sortOptions = false,
    subcommands = {
      WanOrder.Set.class,
      WanOrder.CloseEntrance.class,
      WanOrder.OpenEntrance.class,
      WanOrder.Sever.class,
      WanOrder.Schedule.class,
      WanOrder.Heal.class,
      WanOrder.Show.class,
      WanOrder.Statistics.class,
      WanOrder.Quit.class
    },
    commandListHeading = "%nOrders to a running link, found by --between or --control:%n",
    footer = {"", "The same can be said with emulab wan-control, or at standard input."})
final class WanCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--between",
      arity = "2",
      paramLabel = "NAMESPACE",
      description = "The ends of the link: what is sent in the first goes forward.")
  private String[] between = {};

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description = "Of the TUN device in both namespaces. Default: wan0.")
  private String device = TunSettings.DEVICE;

  @Option(
      names = "--address",
      arity = "2",
      paramLabel = "IP",
      description = "Of the devices. Default: 10.99.0.1 10.99.0.2.")
  private String[] addresses = {TunSettings.NEAR_ADDRESS, TunSettings.FAR_ADDRESS};

  @Option(names = "--mtu", paramLabel = "N", description = "Of the devices. Default: 1500.")
  private int mtu = TunSettings.MTU;

  @Option(
      names = "--listen",
      paramLabel = "ADDR",
      description = "Where clients find the relay, UDP and TCP: HOST:PORT.")
  private String listen;

  @Option(
      names = "--to",
      paramLabel = "ADDR",
      description = "The far end, the same port for UDP and TCP: HOST:PORT.")
  private String to;

  @Mixin private ConditionOptions conditions;

  @Option(
      names = "--control",
      paramLabel = "PATH",
      description =
          "A Unix socket that takes orders. Default: for a relay none, between namespaces"
              + " /run/emulab-wan-NEAR-FAR.sock.")
  private Path control;

  @Option(
      names = "--report",
      paramLabel = "TIME",
      description =
          "How often to print what was passed and dropped; 0: at the end only. Default: 10s.")
  private String report = "10s";

  @Option(
      names = "--self-test",
      description =
          "Measures a link between two namespaces of its own against what it was told, and says what"
              + " passed. Takes about a minute; the machine must do nothing else. Needs root.")
  private boolean selfTest;

  @Option(
      names = "--clean",
      description =
          "Takes away the namespaces of links that were killed, and nothing else. A link takes over"
              + " those of its own name by itself. Needs root.")
  private boolean clean;

  @Option(names = "--json", description = "Reports as lines of JSON.")
  private boolean json;

  @Mixin private HelpOption help;

  @Override
  public Integer call() {
    if (selfTest) {
      return selfTest();
    }
    if (clean) {
      return clean();
    }
    long reportNanos = reportNanos();
    check();
    Path orders = between.length == 0 ? control : WanOrder.socket(control, between);
    try (Wan wan = start();
        ControlSocket socket = orders == null ? null : ControlSocket.listen(orders, wan::obey)) {
      run(wan, socket, reportNanos, socket == null ? "" : ", orders: " + orders);
      return wan.isValid() ? Emulab.OK : Emulab.FAILED;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    } catch (UncheckedIOException e) {
      spec.commandLine().getErr().println(e.getCause().getMessage());
      return Emulab.FAILED;
    } catch (IOException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return Emulab.FAILED;
    }
  }

  private int selfTest() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      String name = "emulab-" + ProcessHandle.current().pid();
      boolean passed =
          SelfTest.run(
              name,
              finding -> {
                out.println(finding);
                out.flush();
              });
      out.println(passed ? "passed" : "FAILED");
      return passed ? Emulab.OK : Emulab.FAILED;
    } catch (UncheckedIOException e) {
      spec.commandLine().getErr().println(e.getCause().getMessage());
      return Emulab.FAILED;
    } catch (IOException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return Emulab.FAILED;
    }
  }

  private int clean() {
    try {
      for (String name : Leftovers.remove()) {
        spec.commandLine().getOut().println("removed the namespace " + name);
      }
      return Emulab.OK;
    } catch (IOException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return Emulab.FAILED;
    }
  }

  private void run(Wan wan, ControlSocket socket, long reportNanos, String orders) {
    PrintWriter out = spec.commandLine().getOut();
    conditions.giveTo(wan);
    if (!json) {
      out.println("wan: " + ends() + orders);
      out.println(wan.obey("show"));
      out.flush();
    }
    Thread last = new Thread(() -> leave(wan, socket, out), "last-report");
    Runtime.getRuntime().addShutdownHook(last);
    Thread.ofPlatform().daemon().name("stdin").start(new StandardInput(wan, out));
    untilQuit(wan, out, reportNanos);
    if (Runtime.getRuntime().removeShutdownHook(last)) {
      print(wan, out);
    }
  }

  private String ends() {
    return between.length == 0
        ? listen + " -> " + to
        : between[0]
            + " "
            + addresses[0]
            + " -> "
            + between[1]
            + " "
            + addresses[1]
            + ", "
            + device;
  }

  /** Before anything is made. */
  private void check() {
    try {
      conditions.check();
      if (between.length == 0) {
        require("--listen", listen);
        require("--to", to);
      } else if (listen != null || to != null) {
        throw new IllegalArgumentException("--between and --listen are two kinds of link");
      } else {
        tunSettings();
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static void require(String option, String value) {
    if (value == null) {
      throw new IllegalArgumentException("Missing: " + option + ", or --between NEAR FAR");
    }
  }

  private Wan start() {
    return between.length > 0
        ? TunWan.start(tunSettings())
        : WanRelay.start(
            new WanSettings(
                address("--listen", listen),
                address("--to", to),
                conditions.both(),
                conditions.seed()));
  }

  private TunSettings tunSettings() {
    return new TunSettings(
        new TunSettings.End(new Namespace(between[0]), addresses[0]),
        new TunSettings.End(new Namespace(between[1]), addresses[1]),
        device,
        mtu,
        conditions.both(),
        conditions.seed());
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

  private long reportNanos() {
    try {
      return report.equals("0") ? Long.MAX_VALUE : Quantity.DURATION.parse(report);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--report: " + e.getMessage(), e);
    }
  }

  private void untilQuit(Wan wan, PrintWriter out, long everyNanos) {
    while (true) {
      try {
        wan.quitOrdered().get(everyNanos, TimeUnit.NANOSECONDS);
        return;
      } catch (TimeoutException due) {
        print(wan, out);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof UncheckedIOException lost) {
          throw lost;
        }
        throw new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        throw new IllegalStateException("Nobody interrupts this", e);
      }
    }
  }

  /** Ended by a signal. */
  private void leave(Wan wan, ControlSocket socket, PrintWriter out) {
    print(wan, out);
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        spec.commandLine().getErr().println(e.getMessage());
      }
    }
  }

  private void print(Wan wan, PrintWriter out) {
    out.println(wan.report(json));
    out.flush();
  }
}
