package dev.farshore.emulab.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.experiment.Experiments;
import dev.farshore.emulab.experiment.Point;
import dev.farshore.emulab.machine.Needs;
import dev.farshore.emulab.plan.Kinds;
import dev.farshore.emulab.plan.Plan;
import dev.farshore.emulab.plan.Plans;
import dev.farshore.emulab.report.Figure;
import dev.farshore.emulab.report.Report;
import dev.farshore.emulab.results.ResultsDirectory;
import dev.farshore.emulab.results.RunFiles;
import dev.farshore.emulab.testbed.Testbed;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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

  /** The point that is run fastest. */
  private void again(Plan plan, ResultsDirectory results, List<RunFiles> runs) throws Exception {
    RunFiles fastest =
        runs.stream()
            .min(Comparator.comparingDouble(run -> run.record().circumstances().seconds()))
            .orElseThrow();
    Point point = fastest.record().point();
    List<String> only = new ArrayList<>();
    for (Map.Entry<String, String> input : point.values().entrySet()) {
      only.add("--only");
      only.add(input.getKey() + "=" + input.getValue());
    }
    Path out = directory.resolve(plan.name() + "-again");
    execute(plan, Testbed.Kind.SIM, out, 1, only.toArray(String[]::new));
    int repetition = fastest.record().repetition();
    assertArrayEquals(
        Files.readAllBytes(results.at(point, repetition).resolve("samples.csv")),
        Files.readAllBytes(ResultsDirectory.read(out).at(point, repetition).resolve("samples.csv")),
        "the same seed gives the same samples: " + point.values());
  }

  private static void execute(
      Plan plan, Testbed.Kind kind, Path out, int attempts, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                PLANS.resolve(plan.name() + ".toml").toString(),
                "--quick",
                "--testbed",
                Kinds.word(kind),
                "--out",
                out.toString(),
                "--retry-invalid"));
    arguments.addAll(List.of(more));
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
