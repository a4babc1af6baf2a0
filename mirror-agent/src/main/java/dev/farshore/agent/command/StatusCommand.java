package dev.farshore.agent.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.farshore.agent.status.StatusJson;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "status",
    description = {
      "Shows how every group is, at each site.",
      "Exits with 0 only if every site answers and every group is healthy, with 3 if not, and with"
          + " 1 if no site answers."
    })
final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SiteSelection selection;

  @Option(names = "--json", description = "For scripts: one JSON object, with a schema number.")
  private boolean json;

  @Option(
      names = "--watch",
      description = "Again every second, until interrupted; with --json, one object a line.")
  private boolean watch;

  @Override
  public Integer call() throws InterruptedException {
    if (!watch) {
      return show();
    }
    CountDownLatch never = new CountDownLatch(1);
    do {
      if (!json && System.console() != null) {
        // Home and clear.
        spec.commandLine().getOut().print("\u001b[H\u001b[2J");
      }
      show();
    } while (!never.await(1, TimeUnit.SECONDS));
    return ExitCode.OK;
  }

  private int show() {
    RunningSites sites = RunningSites.ask(selection);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(watch ? toJson(sites).toString() : toJson(sites).toPrettyString());
    } else {
      for (RunningSites.Report report : sites.reports()) {
        out.println(report.text().stripTrailing());
      }
    }
    out.flush();
    if (!sites.anyAnswers()) {
      return ExitCode.FAILED;
    }
    return sites.allHealthy() ? ExitCode.OK : ExitCode.PARTIAL;
  }

  private static ObjectNode toJson(RunningSites sites) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    all.put("schema", StatusJson.SCHEMA);
    ArrayNode array = all.putArray("sites");
    for (RunningSites.Report report : sites.reports()) {
      array.add(
          report
              .status()
              .orElseGet(
                  () ->
                      JsonNodeFactory.instance
                          .objectNode()
                          .put("site", report.site().name())
                          .put("error", report.text())));
    }
    return all;
  }
}
