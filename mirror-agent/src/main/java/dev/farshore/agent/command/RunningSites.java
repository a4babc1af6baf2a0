package dev.farshore.agent.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.farshore.agent.command.SiteSelection.Site;
import dev.farshore.agent.control.Answer;
import dev.farshore.agent.control.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the chosen sites say of themselves, asked once.
 *
 * @param reports one for each site that was chosen
 */
record RunningSites(List<Report> reports) {

  /**
   * @param status the site's status; empty if it does not answer
   * @param text the status for people, or why there is none
   */
  record Report(Site site, Optional<JsonNode> status, String text) {

    /** The site's view of a group. */
    Optional<JsonNode> group(String name) {
      return groups().stream().filter(g -> g.path("name").asText().equals(name)).findFirst();
    }

    List<JsonNode> groups() {
      List<JsonNode> groups = new ArrayList<>();
      status.ifPresent(json -> json.path("groups").forEach(groups::add));
      return groups;
    }
  }

  static RunningSites ask(SiteSelection selection) {
    return new RunningSites(selection.sites().stream().map(RunningSites::report).toList());
  }

  private static Report report(Site site) {
    try {
      return switch (site.ask(new Request.Status(), text -> {})) {
        case Answer.Given<JsonNode>(JsonNode result) ->
            new Report(site, Optional.of(result.path("status")), result.path("text").asText());
        case Answer.Refused<JsonNode>(Answer.Reason reason, String text) ->
            new Report(site, Optional.empty(), "site " + site.name() + ": " + text);
      };
    } catch (IOException e) {
      return new Report(site, Optional.empty(), site.silence(e));
    }
  }

  boolean anyAnswers() {
    return reports.stream().anyMatch(report -> report.status().isPresent());
  }

  /** Whether every site answers and every group of it is healthy. */
  boolean allHealthy() {
    return reports.stream()
        .allMatch(
            report ->
                report
                    .status()
                    .filter(status -> status.path("health").asText().equals("healthy"))
                    .isPresent());
  }

  /** Ends the command if no site answers. */
  void requireOne() {
    if (!anyAnswers()) {
      StringBuilder text = new StringBuilder();
      reports.forEach(report -> text.append(text.isEmpty() ? "" : "\n").append(report.text()));
      throw new CommandFailure(ExitCode.FAILED, text.toString());
    }
  }

  /** The names of all groups, without repetition. */
  List<String> groupNames() {
    return reports.stream()
        .flatMap(report -> report.groups().stream())
        .map(group -> group.path("name").asText())
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * The only running site that plays a role in a group; ends the command if there is none, or more
   * than one.
   *
   * @param what what is looked for, for the message
   */
  Site only(String group, String what, Predicate<String> role) {
    requireOne();
    if (!groupNames().contains(group)) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND,
          "there is no group '" + group + "'; known: " + String.join(", ", groupNames()));
    }
    List<Site> found =
        reports.stream()
            .filter(
                report ->
                    report.group(group).filter(g -> role.test(g.path("role").asText())).isPresent())
            .map(Report::site)
            .toList();
    if (found.size() != 1) {
      throw new CommandFailure(
          ExitCode.WRONG_STATE,
          found.isEmpty()
              ? "no running site here is " + what + " of group " + group
              : "several sites here are " + what + " of group " + group + ": name one with --site");
    }
    return found.getFirst();
  }
}
