package dev.farshore.emulab.command;

import dev.farshore.agent.config.ConfigException;
import dev.farshore.emulab.experiment.Experiment;
import dev.farshore.emulab.plan.Extent;
import dev.farshore.emulab.plan.Kinds;
import dev.farshore.emulab.plan.Plan;
import dev.farshore.emulab.plan.Plans;
import dev.farshore.emulab.testbed.Testbed;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code emulab list}. */
@Command(name = "list", description = "Lists the plans, or what a plan runs.")
final class ListCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PLAN",
      description = "Its name, or a file.")
  private String name;

  @Option(names = "--json", description = "For scripts: all plans, or the one that is named.")
  private boolean json;

  @Mixin private HelpOption help;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      Plans plans = PlanPlace.plans();
      if (json) {
        out.println(PlanJson.text(plans, name == null ? plans.names() : List.of(name)));
        return Emulab.OK;
      }
      if (name == null) {
        return all(plans, out);
      }
      describe(plans.read(name), out);
      return Emulab.OK;
    } catch (ConfigException e) {
      return failed(Emulab.USAGE, e.getMessage());
    } catch (IOException e) {
      return failed(Emulab.FAILED, PlanPlace.said(e));
    } finally {
      out.flush();
    }
  }

  private int failed(int code, String message) {
    spec.commandLine().getErr().println(message);
    return code;
  }

  private int all(Plans plans, PrintWriter out) throws IOException {
    List<String> names = plans.names();
    if (names.isEmpty()) {
      return failed(Emulab.FAILED, "no plans in " + plans.directory());
    }
    int code = Emulab.OK;
    for (String one : names) {
      try {
        Plan plan = plans.read(one);
        out.println(one);
        out.println("  " + plan.words().question());
        line(plan, false, out);
        line(plan, true, out);
      } catch (ConfigException e) {
        code = failed(Emulab.USAGE, e.getMessage());
      }
    }
    return code;
  }

  private static void line(Plan plan, boolean quick, PrintWriter out) throws IOException {
    List<String> beds = new ArrayList<>();
    for (Testbed.Kind kind : new TreeSet<>(plan.experiment().testbeds())) {
      Optional<Duration> time = Expected.time(plan, kind, quick);
      int jobs = Jobs.ofRuns().usual(plan, kind, quick);
      String many = jobs == 1 ? ")" : ", " + jobs + " runs at a time)";
      String about = time.map(one -> " (about " + Durations.text(one) + many).orElse("");
      beds.add(Kinds.word(kind) + about);
    }
    int runs = plan.runs().extent(quick).runs();
    out.println(
        "  "
            + (quick ? "quick" : "full ")
            + " "
            + runs
            + (runs == 1 ? " run on " : " runs on ")
            + String.join(", ", beds));
  }

  private static void describe(Plan plan, PrintWriter out) throws IOException {
    out.println(plan.words().title());
    out.println("  " + plan.words().question());
    line(plan, false, out);
    line(plan, true, out);
    out.println("inputs");
    Extent full = plan.runs().full();
    Extent quick = plan.runs().quick();
    for (Experiment.Input input : plan.experiment().inputs()) {
      out.println("  " + input.name() + ": " + input.meaning());
      out.println("      usual  " + input.usual());
      differing("full ", full.values(input.name()), input, out);
      differing("quick", quick.values(input.name()), input, out);
    }
    out.println("figures");
    plan.plots().forEach(plot -> out.println("  " + plot.name() + ": " + plot.words().title()));
  }

  private static void differing(
      String extent, List<String> values, Experiment.Input input, PrintWriter out) {
    if (!values.equals(List.of(input.usual()))) {
      out.println("      " + extent + "  " + String.join(", ", values));
    }
  }
}
