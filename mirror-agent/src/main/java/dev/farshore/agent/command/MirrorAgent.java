package dev.farshore.agent.command;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The entry point of the command line. */
@Command(
    name = "mirror-agent",
    description = "Mirrors block volumes to another site over a lossy wide-area link.",
    versionProvider = MirrorAgent.Version.class,
    subcommands = {
      StartCommand.class,
      StatusCommand.class,
      PromoteCommand.class,
      VolumeCommand.class,
      ConfigCommand.class,
      StopCommand.class,
      VersionCommand.class,
      AutoComplete.GenerateCompletion.class,
      CommandLine.HelpCommand.class
    },
    footerHeading = "%nExit codes:%n",
    footer = {
      "    0  done",
      "    1  failed",
      "    2  wrong arguments, or a configuration that is refused",
      "    3  done in part: a site does not answer, or a group is not healthy",
      "   10  no such site, group or volume",
      "   11  the site runs already",
      "   13  the group is not in the state that this needs",
      "   14  waited too long",
      "   70  a broken invariant stopped the site",
      "  130  ended by SIGINT (Ctrl-C)",
      "  143  ended by SIGTERM"
    })
public final class MirrorAgent implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Prints the version.")
  private boolean version;

  private MirrorAgent() {}

  public static void main(String[] arguments) {
    CommandLine commandLine = commandLine();
    int code = commandLine.execute(arguments);
    // What was printed without a newline at its end is still in the writer.
    commandLine.getOut().flush();
    commandLine.getErr().flush();
    System.exit(code);
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new MirrorAgent());
    addHelp(commandLine);
    commandLine.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          if (failure instanceof CommandFailure known) {
            command.getErr().println(known.getMessage());
            return known.exitCode();
          }
          throw failure;
        });
    return commandLine;
  }

  /** Every command has {@code --help}; those of picocli have it already. */
  private static void addHelp(CommandLine command) {
    if (!command.getCommandSpec().optionsMap().containsKey("--help")
        && !(command.getCommand() instanceof CommandLine.HelpCommand)) {
      command.addMixin("help", new HelpOption());
    }
    command.getSubcommands().values().forEach(MirrorAgent::addHelp);
  }

  static final class HelpOption {
    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        description = "Shows this help.")
    private boolean help;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  /** The version of this build. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"farshore mirror-agent " + Build.VERSION};
    }
  }
}
