package dev.farshore.emulab.command;

import dev.farshore.emulab.wan.ControlSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code emulab wan-control}. */
@Command(
    name = "wan-control",
    description = "Gives an order to a running emulab wan.",
    footerHeading = "%nOrders:%n",
    footer = {
      "  close-entrance [forward|backward]    nothing new enters; what is in flight still arrives",
      "  open-entrance [forward|backward]",
      "  set [forward|backward] KEY=VALUE...  for example: set loss=0.5%% delay=50ms",
      "  show, stats [json], help, quit"
    })
final class WanControlCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PATH", description = "What the relay has as --control.")
  private Path path;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "ORDER", description = "See below.")
  private List<String> words;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  private boolean help;

  @Override
  public Integer call() {
    try {
      String answer = ControlSocket.ask(path, String.join(" ", words));
      spec.commandLine().getOut().println(answer);
      return Emulab.OK;
    } catch (IllegalArgumentException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return Emulab.USAGE;
    } catch (IOException e) {
      spec.commandLine().getErr().println("No relay answers at " + path + ": " + e.getMessage());
      return Emulab.FAILED;
    }
  }
}
