package dev.farshore.emulab.command;

import dev.farshore.emulab.tun.Namespace;
import dev.farshore.emulab.wan.ControlSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code emulab wan ORDER}: an order to a running link, found by its ends or by its socket. */
abstract sealed class WanOrder implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--between",
      arity = "2",
      paramLabel = "NAMESPACE",
      description = "The ends of the link that is meant.")
  private String[] between = {};

  @Option(
      names = "--control",
      paramLabel = "PATH",
      description = "Or the socket that it listens at.")
  private Path control;

  @Mixin private HelpOption help;

  @Parameters(arity = "0..*", paramLabel = "WORD", description = "The rest of the order.")
  private List<String> rest = List.of();

  /** Where a link between two namespaces listens, if nothing else is said. */
  static Path socket(Path control, String... between) {
    return control != null
        ? control
        : Path.of("/run/emulab-wan-" + String.join("-", between) + ".sock");
  }

  @Override
  public final Integer call() {
    if (control == null && between.length == 0) {
      throw new ParameterException(
          spec.commandLine(), "Missing: --between NEAR FAR, or --control PATH");
    }
    for (String name : between) {
      requireName(name);
    }
    String order = rest.isEmpty() ? spec.name() : spec.name() + " " + String.join(" ", rest);
    return give(spec, socket(control, between), order);
  }

  private void requireName(String name) {
    try {
      new Namespace(name);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  static int give(CommandSpec spec, Path path, String order) {
    try {
      spec.commandLine().getOut().println(ControlSocket.ask(path, order));
      return Emulab.OK;
    } catch (IllegalArgumentException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return Emulab.USAGE;
    } catch (IOException e) {
      spec.commandLine().getErr().println("No link answers at " + path + ": " + e.getMessage());
      return Emulab.FAILED;
    }
  }

  @Command(
      name = "set",
      description =
          "[forward|backward] KEY=VALUE...: changes conditions, as loss=0.5%% delay=50ms.")
  static final class Set extends WanOrder {}

  @Command(
      name = "close-entrance",
      description = "[forward|backward]: nothing new enters; what is in flight still arrives.")
  static final class CloseEntrance extends WanOrder {}

  @Command(name = "open-entrance", description = "[forward|backward]: ends that.")
  static final class OpenEntrance extends WanOrder {}

  @Command(
      name = "sever",
      description =
          "[forward|backward]: nothing new enters, and what is in flight is lost; open-entrance ends"
              + " that.")
  static final class Sever extends WanOrder {}

  @Command(
      name = "outage",
      description = "[forward|backward] BEGIN+LENGTH...: nothing enters then, as 10s+500ms.")
  static final class Schedule extends WanOrder {}

  @Command(
      name = "heal",
      description = "[forward|backward]: ends every outage, also those to come.")
  static final class Heal extends WanOrder {}

  @Command(name = "show", description = "The conditions now.")
  static final class Show extends WanOrder {}

  @Command(name = "stats", description = "What was passed and dropped; stats json: as JSON.")
  static final class Statistics extends WanOrder {}

  @Command(name = "quit", description = "Ends the link.")
  static final class Quit extends WanOrder {}
}
