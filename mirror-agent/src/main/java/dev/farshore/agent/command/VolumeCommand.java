package dev.farshore.agent.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.farshore.agent.command.SiteSelection.Site;
import dev.farshore.agent.config.Quantity;
import dev.farshore.agent.control.Request;
import dev.farshore.agent.status.Human;
import java.io.Console;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "volume", description = "Creates, lists, resizes and removes volumes.")
final class VolumeCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do with a volume: create, list, resize or remove");
  }

  /** Where a change goes: the primary of a group. */
  static final class Target {
    @Mixin private SiteSelection selection;

    @Option(
        names = "--group",
        paramLabel = "GROUP",
        description = "The volume's group; may be left out where there is only one.")
    private String named;

    private RunningSites sites;
    private String group;

    Site primary() {
      sites = RunningSites.ask(selection);
      sites.requireOne();
      List<String> groups = sites.groupNames();
      if (named == null && groups.size() != 1) {
        throw new CommandFailure(
            ExitCode.USAGE, "name a group with --group: " + String.join(", ", groups));
      }
      group = named == null ? groups.getFirst() : named;
      return sites.only(group, "the primary", role -> role.equals("primary"));
    }

    /** Known after {@link #primary}. */
    String group() {
      return group;
    }
  }

  private static long size(String text) {
    try {
      return Quantity.SIZE.parse(text);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, "--size: " + e.getMessage());
    }
  }

  @Command(name = "create", description = "Creates a volume, all zeros.")
  int create(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Option(names = "--size", required = true, paramLabel = "SIZE", description = "Like 10GiB.")
          String size,
      @Mixin Target target) {
    long bytes = size(size);
    target.primary().demand(new Request.CreateVolume(target.group(), name, bytes), text -> {});
    return ExitCode.OK;
  }

  @Command(
      name = "resize",
      description = {
        "Changes the size of a volume; what is cut off is gone.",
        "Clients that are connected see the new size when they connect again."
      })
  int resize(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Option(names = "--size", required = true, paramLabel = "SIZE", description = "Like 10GiB.")
          String size,
      @Mixin Target target) {
    long bytes = size(size);
    target.primary().demand(new Request.ResizeVolume(target.group(), name, bytes), text -> {});
    return ExitCode.OK;
  }

  @Command(name = "remove", description = "Removes a volume and what is in it, at both sites.")
  int remove(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Option(names = "--yes", description = "Do not ask.") boolean yes,
      @Mixin Target target) {
    Site primary = target.primary();
    if (!yes) {
      Console console = System.console();
      if (console == null || !console.isTerminal()) {
        throw new CommandFailure(ExitCode.USAGE, "nothing was done: confirm with --yes");
      }
      if (!name.equals(console.readLine("Type the volume's name to remove it for good: "))) {
        throw new CommandFailure(ExitCode.FAILED, "nothing was done");
      }
    }
    primary.demand(new Request.RemoveVolume(target.group(), name), text -> {});
    return ExitCode.OK;
  }

  @Command(name = "list", description = "Lists the volumes of each site.")
  int list(@Mixin SiteSelection selection) {
    RunningSites sites = RunningSites.ask(selection);
    sites.requireOne();
    for (RunningSites.Report report : sites.reports()) {
      for (JsonNode group : report.groups()) {
        for (JsonNode volume : group.path("volumes")) {
          spec.commandLine().getOut().println(line(report, group, volume));
        }
      }
    }
    return ExitCode.OK;
  }

  private static String line(RunningSites.Report report, JsonNode group, JsonNode volume) {
    StringBuilder line = new StringBuilder(volume.path("name").asText());
    line.append(" size:").append(Human.bytes(volume.path("sizeBytes").asLong()));
    line.append(" group:").append(group.path("name").asText());
    line.append(" site:").append(report.site().name());
    line.append(volume.path("writable").asBoolean() ? " writable" : " read-only");
    volume.path("addresses").forEach(address -> line.append(' ').append(address.asText()));
    return line.toString();
  }
}
