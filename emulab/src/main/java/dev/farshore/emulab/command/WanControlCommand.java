package dev.farshore.emulab.command;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
      "  sever [forward|backward]             nothing new enters, and what is in flight is lost",
      "  set [forward|backward] KEY=VALUE...  for example: set loss=0.5%% delay=50ms",
      "  outage [forward|backward] BEGIN+LENGTH...    nothing enters then, for example: 10s+500ms",
      "  heal [forward|backward]              ends every outage, also those to come",
      "  show, stats [json], help, quit"
    })
final class WanControlCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PATH", description = "What the link has as --control.")
  private Path path;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "ORDER", description = "See below.")
  private List<String> words;

  @Mixin private HelpOption help;

  @Override
  public Integer call() {
    return WanOrder.give(spec, path, String.join(" ", words));
  }
}
