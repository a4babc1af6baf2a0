package dev.farshore.emulab.command;

import dev.farshore.agent.config.ConfigException;
import dev.farshore.emulab.experiment.Experiments;
import dev.farshore.emulab.plan.Plan;
import dev.farshore.emulab.plan.PlanReader;
import dev.farshore.emulab.report.Report;
import dev.farshore.emulab.results.RefusedException;
import dev.farshore.emulab.results.ResultsDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code emulab report}. */
@Command(
    name = "report",
    description = {
      "Makes figures and a page of results that are there, from their CSV files alone.",
      "With several directories, of one experiment on several testbeds, each figure shows them all."
    })
final class ReportCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "DIR", description = "What emulab run has filled.")
  private List<Path> directories;

  @Option(
      names = "--plan",
      paramLabel = "PLAN",
      description = "Plots and words of this plan, not of the one that lies beside the results.")
  private String name;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the report goes; into the results if it is about one directory.")
  private Path out;

  @Mixin private HelpOption help;

  @Override
  public Integer call() {
    try {
      List<ResultsDirectory> results = new ArrayList<>();
      for (Path directory : directories) {
        results.add(ResultsDirectory.read(directory));
      }
      Plan plan = name == null ? kept(results.getFirst()) : PlanPlace.plans().read(name);
      for (ResultsDirectory one : results) {
        if (!one.about().experiment().equals(plan.experiment().name())) {
          return failed(
              Emulab.REFUSED,
              one.path()
                  + " is of the experiment "
                  + one.about().experiment()
                  + ", not of "
                  + plan.experiment().name());
        }
      }
      Path place = out != null ? out : place(plan);
      Report.of(plan, results).write(place);
      spec.commandLine().getOut().println(place.resolve("report.html"));
      spec.commandLine().getOut().flush();
      return Emulab.OK;
    } catch (ConfigException e) {
      return failed(Emulab.USAGE, e.getMessage());
    } catch (RefusedException e) {
      return failed(Emulab.REFUSED, e.getMessage());
    } catch (IOException e) {
      return failed(Emulab.FAILED, PlanPlace.said(e));
    }
  }

  /** Of several: beside the first. */
  private Path place(Plan plan) {
    Path first = directories.getFirst();
    return directories.size() == 1
        ? first
        : first.toAbsolutePath().resolveSibling(plan.name() + "-together");
  }

  private static Plan kept(ResultsDirectory results) throws IOException, ConfigException {
    return PlanReader.read(
        results.about().plan(),
        results.planText(),
        results.path().resolve("plan.toml").toString(),
        Experiments.ALL);
  }

  private int failed(int code, String message) {
    spec.commandLine().getErr().println(message);
    return code;
  }
}
