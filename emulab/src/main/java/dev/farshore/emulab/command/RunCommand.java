package dev.farshore.emulab.command;

import dev.farshore.agent.config.ConfigException;
import dev.farshore.emulab.bench.Order;
import dev.farshore.emulab.bench.Runner;
import dev.farshore.emulab.bench.Summary;
import dev.farshore.emulab.bench.ThisProduct;
import dev.farshore.emulab.plan.ChosenValues;
import dev.farshore.emulab.plan.Kinds;
import dev.farshore.emulab.plan.Plan;
import dev.farshore.emulab.report.Report;
import dev.farshore.emulab.results.About;
import dev.farshore.emulab.results.RefusedException;
import dev.farshore.emulab.results.ResultsDirectory;
import dev.farshore.emulab.testbed.Testbed;
import dev.farshore.emulab.testbed.Testbeds;
import dev.farshore.emulab.testbed.live.LiveTestbed;
import dev.farshore.emulab.testbed.live.Machines;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code emulab run}. */
@Command(
    name = "run",
    description = {
      "Runs a plan: what of it is not there yet.",
      "A run that was interrupted, by Ctrl-C or by anything else, is done again the next time; those"
          + " that came to their end are kept."
    })
final class RunCommand implements Callable<Integer> {

  private static final long PATIENCE_SECONDS = 15;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PLAN", description = "Its name, or a .toml file.")
  private String name;

  @Option(
      names = "--testbed",
      paramLabel = "KIND",
      description = "sim (virtual time) or live (real processes, needs root); sim if it can be.")
  private String testbed;

  @Option(
      names = "--machines",
      paramLabel = "FILE",
      description =
          "Runs the live testbed on three machines, of which this is one: emulab/cloudlab/README.md.")
  private Path machines;

  @Option(names = "--quick", description = "The plan's quick version: seconds instead of hours.")
  private boolean quick;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Where the results are kept; results/PLAN-TESTBED[-quick][-INPUT=VALUE] if not said.")
  private Path out;

  @Option(
      names = "--only",
      arity = "1..*",
      paramLabel = "INPUT=VALUE",
      description = "Only the points with this value; again for another value or input.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--set",
      arity = "1..*",
      paramLabel = "INPUT=VALUE",
      description =
          "This value instead of the plan's, for example measured=20s; again for another value or"
              + " input.")
  private List<String> set = new ArrayList<>();

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      description =
          "Runs of a simulated plan that go on beside each other, on a processor each; their samples"
              + " are the same. If not said: as many as there are processors and memory for; 1 where"
              + " the machine itself is measured, and live.")
  private Integer jobs;

  @Option(names = "--retry-invalid", description = "Does again what was invalid.")
  private boolean retryInvalid;

  @Mixin private HelpOption help;

  @Override
  public Integer call() {
    Interruption interruption = Interruption.ofThisThread(PATIENCE_SECONDS);
    try {
      Plan plan = PlanPlace.plans().read(name, chosen());
      Testbed.Kind kind = kind(plan);
      Order order = new Order(plan, kind, quick, selection(plan), retryInvalid, jobs(plan, kind));
      Path directory = out == null ? Expected.usualPlace(plan, kind, quick) : out;
      Testbed bed = bed(plan, kind);
      About about = About.of(plan, kind, quick, ThisProduct.describe()).on(bed.hosts());
      try (ResultsDirectory results = ResultsDirectory.open(directory, about, plan.text())) {
        return run(order, results, bed);
      }
    } catch (ConfigException e) {
      return failed(Emulab.USAGE, e.getMessage());
    } catch (RefusedException e) {
      return failed(Emulab.REFUSED, e.getMessage());
    } catch (ClosedByInterruptException e) {
      return interrupted();
    } catch (IOException e) {
      return failed(Emulab.FAILED, PlanPlace.said(e));
    } catch (OutOfMemoryError e) {
      return failed(
          Emulab.FAILED,
          "\nno memory is left: "
              + e.getMessage()
              + "; what was finished is kept. Fewer --jobs, or more heap with FARSHORE_JAVA_OPTS=-Xmx…");
    } catch (InterruptedException e) {
      return interrupted();
    } finally {
      spec.commandLine().getErr().flush();
      interruption.over();
    }
  }

  private int interrupted() {
    return failed(Emulab.INTERRUPTED, "\ninterrupted: the same command goes on where this ended");
  }

  private int jobs(Plan plan, Testbed.Kind kind) {
    try {
      Jobs here = Jobs.here();
      return jobs == null ? here.usual(plan, kind, quick) : here.asked(jobs, plan, kind, quick);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private int failed(int code, String message) {
    spec.commandLine().getErr().println(message);
    return code;
  }

  private Testbed bed(Plan plan, Testbed.Kind kind) throws IOException, ConfigException {
    if (machines == null) {
      return Testbeds.of(kind);
    }
    if (kind != Testbed.Kind.LIVE) {
      throw wrong("--machines is for --testbed live");
    }
    if (!plan.experiment().runsOnMachines()) {
      throw wrong(
          "--machines: "
              + plan.name()
              + " runs in network namespaces of one machine and would not use the others; leave it"
              + " out");
    }
    return LiveTestbed.on(Machines.read(machines));
  }

  private int run(Order order, ResultsDirectory results, Testbed bed)
      throws IOException, InterruptedException {
    RunProgress progress = new RunProgress(order, spec.commandLine().getErr());
    progress.begins(results.path());
    Summary summary = new Runner(order, results, bed, progress).run();
    Report.of(order.plan(), List.of(results)).write(results.path());
    progress.ended(summary);
    return summary.invalid() == 0 ? Emulab.OK : Emulab.IN_PART;
  }

  private Testbed.Kind kind(Plan plan) {
    Set<Testbed.Kind> possible = plan.experiment().testbeds();
    if (testbed == null) {
      return possible.contains(Testbed.Kind.SIM) ? Testbed.Kind.SIM : Testbed.Kind.LIVE;
    }
    return Kinds.named(testbed)
        .filter(possible::contains)
        .orElseThrow(
            () ->
                wrong(
                    "--testbed "
                        + testbed
                        + ": "
                        + plan.name()
                        + " can be run on "
                        + String.join(", ", possible.stream().map(Kinds::word).sorted().toList())));
  }

  private ChosenValues chosen() {
    try {
      return ChosenValues.of(set);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--set: " + e.getMessage(), e);
    }
  }

  private Map<String, List<String>> selection(Plan plan) {
    Map<String, List<String>> selection = new LinkedHashMap<>();
    for (String text : only) {
      int equals = text.indexOf('=');
      String input = equals < 0 ? text : text.substring(0, equals);
      String value = text.substring(equals + 1);
      List<String> values = plan.runs().extent(quick).values(input);
      if (equals < 0 || !values.contains(value)) {
        throw wrong(
            "--only "
                + text
                + (values.isEmpty()
                    ? ": no input '" + input + "' in this plan"
                    : ": the plan has " + input + "=" + String.join(", ", values)));
      }
      selection.computeIfAbsent(input, any -> new ArrayList<>()).add(value);
    }
    return selection;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
