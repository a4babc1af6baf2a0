package dev.farshore.agent.command;

import dev.farshore.agent.control.ControlClient;
import dev.farshore.agent.control.Request;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "stop",
    description = "Ends the running sites cleanly and waits until they are gone.")
final class StopCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SiteSelection selection;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long to wait; ${DEFAULT-VALUE} if nothing is said.")
  private int timeoutSeconds;

  @Override
  public Integer call() throws InterruptedException {
    RunningSites sites = RunningSites.ask(selection);
    sites.requireOne();
    for (RunningSites.Report report : sites.reports()) {
      if (report.status().isPresent()) {
        report.site().demand(new Request.Stop(), text -> {});
      }
    }
    CountDownLatch never = new CountDownLatch(1);
    for (RunningSites.Report report : sites.reports()) {
      for (int tenths = 0; lives(report); tenths++) {
        if (tenths >= timeoutSeconds * 10L) {
          throw new CommandFailure(
              ExitCode.TIMEOUT, "site " + report.site().name() + " is still there");
        }
        never.await(100, TimeUnit.MILLISECONDS);
      }
      spec.commandLine().getOut().println("site " + report.site().name() + " has ended");
    }
    return ExitCode.OK;
  }

  /** Its process counts too: it lets go of its data directory after its control socket. */
  private static boolean lives(RunningSites.Report report) {
    return ControlClient.answers(report.site().socket())
        || report
            .status()
            .flatMap(status -> ProcessHandle.of(status.path("pid").asLong()))
            .filter(ProcessHandle::isAlive)
            .isPresent();
  }
}
