package dev.farshore.agent.command;

import dev.farshore.agent.config.ConfigPrinter;
import dev.farshore.agent.config.MirrorAbsence;
import dev.farshore.agent.config.SiteConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "config", description = "Checks and shows a configuration.")
final class ConfigCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: check or show");
  }

  @Command(
      name = "check",
      description = {
        "Says whether a site would start with this configuration, and if not, why;",
        "and what each group does while its mirror is away."
      })
  int check(
      @Option(names = "--config", required = true, paramLabel = "FILE", description = "The file.")
          Path file) {
    SiteConfig config = SiteSelection.read(file);
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        file
            + ": site "
            + config.site().name()
            + ", peers: "
            + config.peers().size()
            + ", groups: "
            + config.groups().size());
    config.groups().forEach(group -> out.println(MirrorAbsence.of(group)));
    return ExitCode.OK;
  }

  @Command(name = "show", description = "Prints every value that is in force, the defaults too.")
  int show(
      @Option(names = "--config", required = true, paramLabel = "FILE", description = "The file.")
          Path file) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(ConfigPrinter.print(SiteSelection.read(file)));
    out.flush();
    return ExitCode.OK;
  }
}
