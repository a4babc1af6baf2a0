package dev.farshore.emulab.command;

import picocli.CommandLine.Option;

/** What every command has. */
final class HelpOption {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  private boolean help;
}
