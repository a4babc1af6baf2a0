package dev.farshore.agent.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "version", description = "Prints the version.")
final class VersionCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().getOut().println("farshore mirror-agent " + Build.VERSION);
    spec.commandLine()
        .getOut()
        .println("java " + Runtime.version() + " on " + System.getProperty("os.name", "unknown"));
  }
}
