package dev.farshore.emulab.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.bench.Order;
import dev.farshore.emulab.bench.Runner;
import dev.farshore.emulab.bench.ThisProduct;
import dev.farshore.emulab.experiment.Experiments;
import dev.farshore.emulab.experiment.Point;
import dev.farshore.emulab.machine.Needs;
import dev.farshore.emulab.plan.Kinds;
import dev.farshore.emulab.plan.Plan;
import dev.farshore.emulab.plan.Plans;
import dev.farshore.emulab.report.Figure;
import dev.farshore.emulab.report.Report;
import dev.farshore.emulab.results.About;
import dev.farshore.emulab.results.ResultsDirectory;
import dev.farshore.emulab.results.RunFiles;
import dev.farshore.emulab.testbed.Testbed;
import dev.farshore.emulab.testbed.Testbeds;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The quick version of every plan, by the command that a person would type. */
class PlansTest {

  private static final Path PLANS = Path.of("plans");

  /** A device of a busy machine may drop a packet: then a live run is invalid, and done again. */
  private static final int LIVE_ATTEMPTS = 3;

  private static final String CONFIGURATION = "configuration";

  /** Configurations of which a run was done twice. */
  private final Set<String> repeated = new TreeSet<>();

  @TempDir private Path directory;

  @TestFactory
  Stream<DynamicTest> theQuickVersionRuns() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    Plans plans = new Plans(PLANS, Experiments.ALL);
    for (String name : plans.names()) {
      Plan plan = plans.read(name);
      for (Testbed.Kind kind : plan.runs().quickTestbeds()) {
        tests.add(DynamicTest.dynamicTest(name + " on " + Kinds.word(kind), () -> run(plan, kind)));
      }
    }
    return tests.stream();
  }

  private void run(Plan plan, Testbed.Kind kind) throws Exception {
    if (kind == Testbed.Kind.LIVE) {
      Needs.namespaces();
    }
    Path out = directory.resolve(plan.name() + "-" + Kinds.word(kind));
    int attempts = kind == Testbed.Kind.LIVE ? LIVE_ATTEMPTS : 1;
    execute(plan, kind, out, attempts);
    ResultsDirectory results = ResultsDirectory.read(out);
    List<RunFiles> runs = results.runs();
    assertEquals(plan.runs().quick().runs(), runs.size(), "all runs are there");
    Report report = Report.of(plan, List.of(results));
    String page = Files.readString(out.resolve("report.html"));
    for (Figure figure : report.figures()) {
      String name = plan.name() + ", " + figure.plot().name();
      assertEquals(List.of(), figure.missing(), name + ": curves without data");
      assertFalse(figure.curves().isEmpty(), name);
      assertTrue(page.contains("<section id=\"" + figure.plot().name() + "\">"), name);
      assertTrue(Files.size(out.resolve("figures/" + figure.plot().name() + ".png")) > 0, name);
    }
    assertEquals(report.figures().size(), page.split("<svg", -1).length - 1);
    if (kind == Testbed.Kind.SIM) {
      again(plan, results, runs);
    }
  }

  /**
   * The point that is run fastest; and beside it those with all other configurations, in the first
   * plan that has them.
   */
  private void again(Plan plan, ResultsDirectory results, List<RunFiles> runs) throws Exception {
    RunFiles fastest =
        runs.stream()
            .min(Comparator.comparingDouble(run -> run.record().circumstances().seconds()))
            .orElseThrow();
    Map<String, List<String>> only = new LinkedHashMap<>();
    fastest
        .record()
        .point()
        .values()
        .forEach((input, value) -> only.computeIfAbsent(input, any -> List.of(value)));
    List<String> configurations = plan.runs().quick().values(CONFIGURATION);
    if (repeated.addAll(configurations)) {
      only.put(CONFIGURATION, configurations);
    }
    Path out = directory.resolve(plan.name() + "-again");
    Order order = new Order(plan, Testbed.Kind.SIM, true, only, false, 1);
    About about = About.of(plan, Testbed.Kind.SIM, true, ThisProduct.describe());
    try (ResultsDirectory second = ResultsDirectory.open(out, about, plan.text())) {
      Testbed bed = Testbeds.of(Testbed.Kind.SIM);
      new Runner(order, second, bed, new RunProgress(order, new PrintWriter(new StringWriter())))
          .run();
    }
    for (RunFiles run : ResultsDirectory.read(out).runs()) {
      Point point = run.record().point();
      int repetition = run.record().repetition();
      assertArrayEquals(
          Files.readAllBytes(results.at(point, repetition).resolve("samples.csv")),
          Files.readAllBytes(
              ResultsDirectory.read(out).at(point, repetition).resolve("samples.csv")),
          "the same seed gives the same samples: " + point.values());
    }
  }

  private static void execute(Plan plan, Testbed.Kind kind, Path out, int attempts) {
    List<String> arguments =
        List.of(
            "run",
            PLANS.resolve(plan.name() + ".toml").toString(),
            "--quick",
            "--testbed",
            Kinds.word(kind),
            "--out",
            out.toString(),
            "--retry-invalid");
    StringWriter said = new StringWriter();
    int code = Emulab.FAILED;
    for (int attempt = 1; attempt <= attempts && code != Emulab.OK; attempt++) {
      CommandLine command = Emulab.commandLine();
      command.setErr(new PrintWriter(said));
      code = command.execute(arguments.toArray(String[]::new));
    }
    assertEquals(Emulab.OK, code, said.toString());
  }
}
