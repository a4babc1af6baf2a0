package dev.farshore.emulab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a person types to run plans, and what is said to mistakes. */
class BenchCommandsTest {

  private static final String PLAN =
      """
      experiment = "single-tester"
      title = "One tester"
      question = "How long does a write take?"
      paper = "Longer, with the distance."
      repetitions = 1
      [inputs]
      configuration = ["local-sync", "remote-sync"]
      delay = ["1ms", "2ms"]
      settle = "20ms"
      measured = "50ms"
      [quick]
      inputs.delay = "1ms"
      [takes]
      quick-sim = "2s"
      quick-memory = "1000TiB"
      [[plot]]
      name = "latency"
      title = "Latency of a write"
      shows = "Higher is slower."
      x = "at"
      x-label = "percentile"
      x-nines = true
      y = "client-latency"
      y-label = "latency (ms)"
      series = ["configuration", "delay"]
      """;

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path plan;

  @BeforeEach
  void write() throws IOException {
    plan = directory.resolve("one.toml");
    Files.writeString(plan, PLAN);
  }

  private int run(String... arguments) {
    CommandLine commandLine = Emulab.commandLine();
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    return commandLine.execute(arguments);
  }

  private void wrong(int code, String said, String... arguments) {
    err.getBuffer().setLength(0);
    assertEquals(code, run(arguments), err.toString());
    assertTrue(err.toString().contains(said), err.toString());
  }

  @Test
  void aPlanIsRunAndReportedAndGrows() throws Exception {
    String results = directory.resolve("results").toString();
    assertEquals(0, run("run", "" + plan, "--quick", "--out", results), err.toString());
    assertTrue(err.toString().contains("2/2"), err.toString());
    assertTrue(err.toString().contains("report: "), err.toString());
    Path page = directory.resolve("results/report.html");
    String first = Files.readString(page);
    Files.delete(page);
    assertEquals(0, run("report", results), err.toString());
    assertEquals(first, Files.readString(page));
    wrong(13, "the inputs have other values", "run", "" + plan, "--out", results);
    Files.writeString(plan, PLAN.replace("Higher is slower.", "Lower is better."));
    assertEquals(0, run("report", results, "--plan", "" + plan), err.toString());
    assertTrue(Files.readString(page).contains("Lower is better."));
    assertEquals(0, run("run", "" + plan, "--quick", "--out", results), err.toString());
    assertTrue(err.toString().contains("2 of them were there before"), err.toString());
  }

  @Test
  void pointsCanBeChosen() throws Exception {
    String results = directory.resolve("results").toString();
    List<String> only = List.of("--only", "delay=2ms", "configuration=remote-sync");
    List<String> all = new ArrayList<>(List.of("run", "" + plan, "--out", results));
    all.addAll(only);
    assertEquals(0, run(all.toArray(String[]::new)), err.toString());
    String page = Files.readString(directory.resolve("results/report.html"));
    assertTrue(page.contains("1 of 4 runs are there"));
    assertTrue(page.contains("No valid run has: local-sync"));
    assertFalse(page.contains("No valid run has: remote-sync, delay 2ms"));
  }

  @Test
  void valuesCanTakeThePlaceOfThePlans() throws Exception {
    String results = directory.resolve("results").toString();
    List<String> all = List.of("run", "" + plan, "--out", results, "--set", "delay=3ms");
    assertEquals(0, run(all.toArray(String[]::new)), err.toString());
    assertTrue(err.toString().contains("2/2"), err.toString());
    Path page = directory.resolve("results/report.html");
    String first = Files.readString(page);
    assertTrue(first.contains("delay=3ms"), "the report says so");
    Files.delete(page);
    assertEquals(0, run("report", results), err.toString());
    assertEquals(first, Files.readString(page));
    wrong(13, "the inputs have other values", "run", "" + plan, "--out", results);
  }

  @Test
  void mistakesAreNamed() {
    String place = directory.resolve("x").toString();
    wrong(2, "no plan 'disastre'", "run", "disastre");
    wrong(2, "no file", "run", directory.resolve("two.toml").toString());
    wrong(2, "no input 'dely' in this plan", "run", "" + plan, "--only", "dely=1ms");
    wrong(2, "the plan has delay=1ms, 2ms", "run", "" + plan, "--only", "delay=3ms");
    wrong(2, "'delay' is not INPUT=VALUE", "run", "" + plan, "--set", "delay");
    wrong(2, "did you mean 'delay'?", "run", "" + plan, "--set", "dely=1ms");
    wrong(2, "can be run on live, sim", "run", "" + plan, "--testbed", "real");
    wrong(2, "one after the other", "run", "" + plan, "--testbed", "live", "--jobs", "2");
    wrong(2, "may take", "run", "" + plan, "--quick", "-j", "2");
    wrong(13, "holds no results", "report", place);
    assertFalse(Files.exists(directory.resolve("x")), "nothing is made by a mistake");
  }

  @Test
  void aPlanIsDescribed() {
    assertEquals(0, run("list", "" + plan));
    for (String said :
        List.of(
            "How long does a write take?",
            "full  4 runs on sim, live",
            "quick 2 runs on sim (about 2 s), live",
            "full   local-sync, remote-sync",
            "latency: Latency of a write")) {
      assertTrue(out.toString().contains(said), out.toString());
    }
  }

  @Test
  void aScriptCanReadWhatPlansThereAre() throws Exception {
    assertEquals(0, run("list", "--json", "" + plan));
    JsonNode one = new ObjectMapper().readTree(out.toString()).get("plans").get(0);
    assertEquals(4, one.get("full").get("runs").asInt());
    assertEquals("2ms", one.get("full").get("varied").get("delay").get(1).asText());
    assertEquals(2.0, one.get("quick").get("testbeds").get("sim").get("seconds").asDouble());
  }

  @Test
  void machinesAreOnlyForPlansThatUseThem() throws Exception {
    Path machines = Files.writeString(directory.resolve("machines.toml"), "west = '10.0.0.1'\n");
    List<String> on = List.of("--machines", "" + machines, "--out", "" + directory.resolve("none"));
    List<String> one = new ArrayList<>(List.of("run", "plans/tcp-collapse.toml"));
    one.addAll(on);
    wrong(2, "--machines: tcp-collapse runs in network namespaces", one.toArray(String[]::new));
    one.set(1, "" + plan);
    wrong(2, "--machines is for --testbed live", one.toArray(String[]::new));
    assertFalse(Files.exists(directory.resolve("none")), "nothing was begun");
    for (String name : List.of("tcp-collapse", "scale", "disaster")) {
      out.getBuffer().setLength(0);
      assertEquals(0, run("list", "--json", "plans/" + name + ".toml"));
      JsonNode said = new ObjectMapper().readTree(out.toString()).get("plans").get(0);
      assertEquals(name.equals("disaster"), said.get("machines").asBoolean(), name);
    }
  }
}
