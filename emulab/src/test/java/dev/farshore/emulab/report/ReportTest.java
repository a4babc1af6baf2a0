package dev.farshore.emulab.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.bench.Order;
import dev.farshore.emulab.bench.Runner;
import dev.farshore.emulab.bench.Summary;
import dev.farshore.emulab.experiment.ShareInterval;
import dev.farshore.emulab.plan.Plan;
import dev.farshore.emulab.plan.PlanReader;
import dev.farshore.emulab.plan.SmallExperiment;
import dev.farshore.emulab.results.About;
import dev.farshore.emulab.results.Product;
import dev.farshore.emulab.results.ResultsDirectory;
import dev.farshore.emulab.testbed.Testbed;
import dev.farshore.emulab.testbed.Testbeds;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class ReportTest {

  private static final String PLOTS =
      """
      [[plot]]
      name = "course"
      title = "Heads until then <and now>"
      shows = "One after the other."
      paper = "Nothing & nobody."
      x = "at"
      x-label = "toss"
      y = "heads-until"
      y-label = "heads"
      y-log = true
      series = ["coin", "tosses"]
      names = { tosses = "thrown" }
      [[plot.reference]]
      name = "fair"
      source = "arithmetic"
      points = ["1: 0.5", "100: 50"]
      """;

  @TempDir private Path directory;

  private static Plan plan(String text) throws Exception {
    return PlanReader.read("coins", text, "coins.toml", List.of(new SmallExperiment()));
  }

  private ResultsDirectory run(Plan plan, boolean quick, String name) throws Exception {
    Path place = directory.resolve(name);
    About about = About.of(plan, Testbed.Kind.SIM, quick, new Product("1", "abc", "def"));
    Order order = new Order(plan, Testbed.Kind.SIM, quick, Map.of(), false, 1);
    try (ResultsDirectory results = ResultsDirectory.open(place, about, plan.text())) {
      Summary summary =
          new Runner(order, results, Testbeds.of(Testbed.Kind.SIM), new Silence()).run();
      assertEquals(plan.runs().extent(quick).runs(), summary.runs());
    }
    return ResultsDirectory.read(place);
  }

  private static Figure figure(Report report, String name) {
    return report.figures().stream()
        .filter(one -> one.plot().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aFigureHasTheMeansOfTheRunsThatAreInTheFiles() throws Exception {
    Plan plan = plan(SmallExperiment.PLAN + PLOTS);
    ResultsDirectory results = run(plan, false, "a");
    Figure heads = figure(Report.of(plan, List.of(results)), "heads");
    assertEquals(List.of("fair", "bent"), heads.curves().stream().map(Curve::name).toList());
    Mark mark = heads.curves().getLast().marks().getLast();
    List<Double> values =
        results.runs().stream()
            .filter(run -> run.record().inputs().get("coin").equals("bent"))
            .filter(run -> run.record().inputs().get("tosses").equals("100"))
            .flatMap(run -> run.samples().stream())
            .filter(sample -> sample.metric().equals("heads"))
            .map(sample -> sample.value() * 100)
            .toList();
    assertEquals(3, values.size());
    assertEquals("100", mark.label());
    assertEquals(Statistics.mean(values), mark.mean(), 1e-9);
    assertEquals(new Spread.Deviation(Statistics.deviation(values)), mark.spread());
    Figure course = figure(Report.of(plan, List.of(results)), "course");
    assertEquals("bent, thrown 100", course.curves().getLast().name());
    assertEquals(100, course.curves().getLast().marks().size());
  }

  @Test
  void aShareOfRunsHasTheIntervalOfItsRuns() throws Exception {
    Plan plan = plan(SmallExperiment.PLAN.replace("y = \"heads\"", "y = \"many\"\ny-share = true"));
    ResultsDirectory results = run(plan, false, "a");
    Report report = Report.of(plan, List.of(results));
    Mark mark = figure(report, "heads").curves().getLast().marks().getFirst();
    long seen =
        results.runs().stream()
            .filter(run -> run.record().inputs().get("coin").equals("bent"))
            .filter(run -> run.record().inputs().get("tosses").equals("10"))
            .flatMap(run -> run.samples().stream())
            .filter(sample -> sample.metric().equals("many") && sample.value() > 0)
            .count();
    ShareInterval interval = ShareInterval.of(seen, 3);
    assertEquals(seen / 3.0 * 100, mark.mean(), 1e-9);
    assertEquals(interval.low() * 100, mark.low(), 1e-9);
    assertEquals(interval.high() * 100, mark.high(), 1e-9);
    report.write(directory.resolve("report"));
    String page = Files.readString(directory.resolve("report/report.html"));
    assertTrue(page.contains("share of 3 runs, bars: its interval of 95 %"));
    assertFalse(page.contains("±"), "yes and no have no deviation");
  }

  @Test
  void aRunMaySayTheEndsOfItsBarsAndAWordForItsValue() throws Exception {
    String text =
        SmallExperiment.PLAN
                .replace("repetitions = 3", "repetitions = 1")
                .replace("repetitions = 2", "repetitions = 1")
                .replace("y-factor", "y-ends = { heads = [\"least\", \"most\"] }\ny-factor")
            + """
            [[plot]]
            name = "often"
            title = "More heads than not"
            shows = "Yes or no."
            x = "tosses"
            x-label = "tosses"
            y = "many"
            y-label = "heads"
            y-words = ["few", "many"]
            series = "coin"
            """;
    Plan plan = plan(text);
    ResultsDirectory results = run(plan, false, "a");
    Report report = Report.of(plan, List.of(results));
    Figure heads = figure(report, "heads");
    assertEquals(2, heads.curves().size(), "the ends of bars are no curves");
    for (Curve curve : heads.curves()) {
      for (Mark mark : curve.marks()) {
        assertEquals(mark.mean() / 2, mark.low(), 1e-9);
        assertEquals(mark.mean() + 10, mark.high(), 1e-9);
      }
    }
    report.write(directory.resolve("report"));
    String page = Files.readString(directory.resolve("report/report.html"));
    assertTrue(page.contains("<td>few</td>"), "the table says the word");
    String svg = Files.readString(directory.resolve("report/figures/often.svg"));
    assertTrue(svg.contains(">few<") && svg.contains(">many<"), "and so does the axis");
  }

  @Test
  void thePageIsOneFileThatSaysEverything() throws Exception {
    Plan plan =
        plan(
            (SmallExperiment.PLAN + PLOTS)
                .replace("[\"fair\", \"bent\"]", "[\"fair\", \"suspect\", \"lost\"]"));
    ResultsDirectory results = run(plan, false, "a");
    Path place = directory.resolve("report");
    Report.of(plan, List.of(results)).write(place);
    String page = Files.readString(place.resolve("report.html"));
    for (String said :
        List.of(
            "How often does a coin fall?",
            "Nobody has published this.",
            "Heads until then &lt;and now&gt;",
            "Nothing &amp; nobody.",
            "6 valid, 12 invalid, 0 not run",
            "12 runs are invalid",
            "somebody blew",
            "the coin is lost",
            "No valid run has: lost",
            "commit abc",
            "virtual time",
            "figures/course.csv",
            "± ")) {
      assertTrue(page.contains(said), said);
    }
    assertFalse(page.contains("<script"), "a page that only says something");
    assertFalse(
        page.replaceAll("http://www.w3.org/[a-z0-9/]*", "").contains("http"), "needs no network");
    assertEquals(2, page.split("<svg", -1).length - 1);
    for (String name : List.of("heads", "course")) {
      String svg = Files.readString(place.resolve("figures/" + name + ".svg"));
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(svg)));
      assertTrue(ImageIO.read(place.resolve("figures/" + name + ".png").toFile()).getWidth() > 800);
    }
  }

  @Test
  void theSameFilesGiveTheSameReport() throws Exception {
    Plan plan = plan(SmallExperiment.PLAN + PLOTS);
    ResultsDirectory results = run(plan, false, "a");
    Path one = directory.resolve("one");
    Path other = directory.resolve("other");
    Report.of(plan, List.of(results)).write(one);
    Report.of(plan, List.of(results)).write(other);
    for (String file :
        List.of("report.html", "samples.csv", "figures/course.svg", "figures/course.png")) {
      assertArrayEquals(
          Files.readAllBytes(one.resolve(file)), Files.readAllBytes(other.resolve(file)), file);
    }
  }

  @Test
  void aReferenceIsDrawnOnlyBesideThePointsThatItIsFor() throws Exception {
    Plan plan = plan(SmallExperiment.PLAN + PLOTS + "where = { tosses = [10, 100] }\n");
    Report full = Report.of(plan, List.of(run(plan, false, "a")));
    assertEquals(1, figure(full, "course").plot().references().size());
    Report both = Report.of(plan, List.of(run(plan, false, "b"), run(plan, true, "c")));
    assertEquals(List.of(), figure(both, "course").plot().references(), "quick tosses 5 times");
  }

  @Test
  void thePageSaysOnHowManyMachinesItWas() throws Exception {
    Plan plan = plan(SmallExperiment.PLAN + PLOTS);
    About about = About.of(plan, Testbed.Kind.LIVE, false, new Product("1", "abc", "def"));
    Path first = directory.resolve("one");
    ResultsDirectory.open(first, about, plan.text()).close();
    Path second = directory.resolve("three");
    ResultsDirectory.open(second, about.on(Testbed.Hosts.THREE), plan.text()).close();
    String one = page(plan, first);
    assertTrue(one.contains("live on one machine: both sites"), one);
    assertFalse(one.contains("three machines"), one);
    assertTrue(one.contains("percentiles are of readings"), one);
    String three = page(plan, second);
    assertTrue(three.contains("live on three machines: a site"), three);
    assertTrue(three.contains("in real time, on three machines"), three);
    assertFalse(three.contains("one machine"), three);
    Report both =
        Report.of(plan, List.of(ResultsDirectory.read(first), ResultsDirectory.read(second)));
    assertEquals(
        List.of("live", "live on three machines"),
        both.sources().stream().map(Source::name).toList());
  }

  private String page(Plan plan, Path results) throws Exception {
    Path place = directory.resolve("page");
    Report.of(plan, List.of(ResultsDirectory.read(results))).write(place);
    return Files.readString(place.resolve("report.html"));
  }

  @Test
  void severalDirectoriesAreShownTogether() throws Exception {
    Plan plan = plan(SmallExperiment.PLAN + PLOTS);
    Report report = Report.of(plan, List.of(run(plan, false, "a"), run(plan, true, "b")));
    assertEquals(
        List.of("fair, sim", "bent, sim", "fair, sim quick", "bent, sim quick"),
        figure(report, "heads").curves().stream().map(Curve::name).toList());
    Curve first = figure(report, "heads").curves().getFirst();
    Curve third = figure(report, "heads").curves().get(2);
    assertEquals(first.color(), third.color(), "the same coin, the same colour");
    assertTrue(first.style() != third.style(), "another testbed, another line");
  }
}
