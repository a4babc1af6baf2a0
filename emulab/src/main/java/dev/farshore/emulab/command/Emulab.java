package dev.farshore.emulab.command;

import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The entry point of the bench. */
@Command(
    name = "emulab",
    description = "A wide-area network on a bench.",
    subcommands = {
      RunCommand.class,
      ListCommand.class,
      ReportCommand.class,
      WanCommand.class,
      WanControlCommand.class,
      CommandLine.HelpCommand.class
    },
    footerHeading = "%nExit codes:%n",
    footer = {
      "    0  done",
      "    1  failed",
      "    2  wrong arguments, or a plan that is refused",
      "    3  done in part: some runs are invalid",
      "   13  the directory holds runs of another plan or version, or is in use",
      "  130  ended by SIGINT (Ctrl-C)",
      "  143  ended by SIGTERM"
    })
public final class Emulab implements Runnable {

  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int IN_PART = 3;
  static final int REFUSED = 13;
  static final int INTERRUPTED = 130;

  @Spec private CommandSpec spec;

  @Mixin private HelpOption help;

  private Emulab() {}

  public static void main(String[] arguments) {
    Thread.setDefaultUncaughtExceptionHandler(Emulab::broken);
    System.exit(commandLine().execute(arguments));
  }

  /** A fault of our own: no relay goes on after it as if nothing had happened. */
  private static void broken(Thread thread, Throwable fault) {
    LoggerFactory.getLogger(Emulab.class).error("a fault in thread {}", thread.getName(), fault);
    Runtime.getRuntime().halt(FAILED);
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Emulab());
    commandLine.setParameterExceptionHandler(
        (wrong, arguments) -> {
          CommandLine command = wrong.getCommandLine();
          command.getErr().println(wrong.getMessage());
          command
              .getErr()
              .println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
          return USAGE;
        });
    return commandLine;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing: a command");
  }
}
