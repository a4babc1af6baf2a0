package dev.farshore.agent.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.farshore.agent.command.SiteSelection.Site;
import dev.farshore.agent.control.Request;
import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "promote",
    description = {
      "Makes the mirror of a group its primary.",
      "If the primary still answers, it stops, hands over everything and becomes the mirror: nothing"
          + " is lost. If it does not, the mirror takes what arrived, once the link has been silent"
          + " for the drain time.",
      "With --force a primary that answers is not asked. What would be lost is shown first, and has"
          + " to be accepted: at the terminal, or with --i-accept-loss."
    })
final class PromoteCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SiteSelection selection;

  @Parameters(paramLabel = "GROUP", description = "The group.")
  private String group;

  @Option(names = "--force", description = "Do not ask the primary.")
  private boolean force;

  @Option(
      names = "--i-accept-loss",
      paramLabel = "RECORDS",
      description = "With --force: go on if no more records than this are known to be lost.")
  private Optional<Long> acceptedLoss;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Site site =
        RunningSites.ask(selection).only(group, "a mirror", role -> !role.equals("primary"));
    if (force) {
      JsonNode preview = site.demand(new Request.PreviewPromotion(group), text -> {});
      out.println(preview.path("text").asText());
      out.flush();
      accept(preview.path("knownMissingRecords").asLong());
    }
    JsonNode report =
        site.demand(
            new Request.Promote(group, force),
            text -> {
              out.println(text);
              out.flush();
            });
    out.println(report.path("text").asText());
    return ExitCode.OK;
  }

  /** Returns if the operator accepts what would be lost. */
  private void accept(long missingRecords) {
    if (acceptedLoss.isPresent()) {
      if (missingRecords > acceptedLoss.get()) {
        throw new CommandFailure(
            ExitCode.WRONG_STATE, "nothing was done: more would be lost than was accepted");
      }
      return;
    }
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "nothing was done: accept the loss with --i-accept-loss " + missingRecords);
    }
    String typed = console.readLine("Type the group's name to go on: ");
    if (!group.equals(typed)) {
      throw new CommandFailure(ExitCode.FAILED, "nothing was done");
    }
  }
}
