package dev.farshore.emulab.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.config.ConfigException;
import dev.farshore.emulab.experiment.Experiment;
import dev.farshore.emulab.experiment.Experiments;
import dev.farshore.emulab.experiment.Point;
import dev.farshore.emulab.testbed.Testbed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlanReaderTest {

  private static final List<Experiment> KNOWN = List.of(new SmallExperiment());

  private static Plan read(String text) throws ConfigException {
    return PlanReader.read("coins", text, "coins.toml", KNOWN);
  }

  private static void refused(String text, String... said) {
    ConfigException e = assertThrows(ConfigException.class, () -> read(text));
    for (String one : said) {
      assertTrue(e.getMessage().contains(one), e.getMessage());
    }
  }

  private static String with(String from, String to) {
    assertTrue(SmallExperiment.PLAN.contains(from), from);
    return SmallExperiment.PLAN.replace(from, to);
  }

  private static Map<String, String> values(String coin, String tosses) {
    return Map.of("coin", coin, "tosses", tosses, "delay", "0");
  }

  @Test
  void runsAllCombinationsTheLastInputChangingFirst() throws Exception {
    Plan plan = read(SmallExperiment.PLAN);
    assertEquals(
        List.of(
            values("fair", "10"),
            values("fair", "100"),
            values("bent", "10"),
            values("bent", "100")),
        plan.runs().full().points().stream().map(Point::values).toList());
    assertEquals(12, plan.runs().full().runs());
    assertEquals(List.of("5", "10"), plan.runs().quick().values("tosses"));
    assertEquals(8, plan.runs().quick().runs());
  }

  @Test
  void runsOnlyTheSweepsWhereThereAreSome() throws Exception {
    String sweeps =
        "[[sweep]]\ntosses = [10, 20]\n[[sweep]]\ncoin = \"bent\"\n[[sweep]]\ntosses = 10\n";
    Plan plan =
        read(
            with("coin = [\"fair\", \"bent\"]\ntosses = [10, 100]\n", "tosses = 10\n" + sweeps)
                .replace("inputs.tosses = [5, 10]", "inputs.delay = \"1ms\""));
    assertEquals(
        List.of(values("fair", "10"), values("fair", "20"), values("bent", "10")),
        plan.runs().full().points().stream().map(Point::values).toList());
    assertEquals(3, plan.runs().quick().points().size());
    assertEquals(List.of("1ms"), plan.runs().quick().values("delay"));
  }

  @Test
  void refusesWhatItDoesNotKnowAndSaysWhatIsNear() {
    refused(with("experiment = \"small\"", "experiment = \"smal\""), "did you mean 'small'?");
    refused(with("coin = [\"fair", "coins = [\"fair"), "unknown input", "did you mean 'coin'?");
    refused(with("repetitions = 3", "repetition = 3"), "did you mean 'repetitions'?");
    refused(with("series = \"coin\"", "serie = \"coin\""), "did you mean 'series'?");
    refused(with("x = \"tosses\"", "x = \"toss\""), "did you mean 'tosses'?");
    refused(with("series = \"coin\"", "series = \"coins\""), "unknown input 'coins'");
    refused(with("y-factor = 100", "y-factor = -1"), "y-factor: must be a number above 0");
    refused(with("name = \"heads\"", "name = \"../heads\""), "is not a name");
    refused(with("paper = \"Nobody has published this.\"", ""), "paper is missing");
    refused(with("coin = [\"fair\", \"bent\"]", "coin = ['a\"b']"), "a quote");
    refused(with("coin = [\"fair\", \"bent\"]", "coin = [\"a\", \"a\"]"), "twice");
  }

  @Test
  void refusesPlotsThatMixPoints() {
    refused(with("series = \"coin\"\n", ""), "'coin' has several values here");
    refused(with("series = \"coin\"", "where = { coin = \"golden\" }"), "no point is as");
    refused(with("x-log = true", "x-unit = \"ms\""), "'10' cannot be drawn in ms");
  }

  @Test
  void barsAndWordsMustFitTheirFigure() {
    refused(
        with("y-factor = 100", "y-ends = { heads = [\"least\", \"most\"] }"),
        "'y-ends' are those of one run");
    refused(with("y-factor = 100", "y-ends = { heads = \"least\" }"), "must name two metrics");
    refused(with("y-factor = 100", "y-ends = { tails = [\"a\", \"b\"] }"), "no metric in y");
    refused(
        with("y-factor = 100", "y-share = true\ny-ends = { heads = [\"a\", \"b\"] }"),
        "a share has the ends");
    refused(with("y-factor = 100", "y-log = true\ny-words = [\"no\"]"), "not on a logarithmic");
  }

  @Test
  void readsReferences() throws Exception {
    Plan plan =
        read(
            SmallExperiment.PLAN
                + """
                [[plot.reference]]
                name = "model"
                source = "a paper"
                curve = "mathis"
                round-trip = "100ms"
                segment = "1448B"
                unit = "1Mbit"
                where = { tosses = 10 }
                [[plot.reference]]
                name = "seen"
                source = "somebody"
                points = ["0.1: 4.9", "1: 1.7"]
                line = true
                """);
    List<Reference> references = plan.plots().getFirst().references();
    Reference.Mathis model = (Reference.Mathis) references.getFirst().curve();
    // 1448 * 8 / 0.1 * 1.22 / 0.1
    assertEquals(1_413_248, model.bitsPerSecond(1), 1e-6);
    assertEquals(1.413248, model.rate(1), 1e-12);
    assertEquals(Map.of("tosses", List.of("10")), references.getFirst().where());
    assertEquals(
        new Reference.Points(
            List.of(new Reference.Place(0.1, 4.9), new Reference.Place(1, 1.7)), true),
        references.get(1).curve());
  }

  @Test
  void theSeedOfARunStaysWhenAPlanGrows() throws Exception {
    Experiment experiment = new SmallExperiment();
    Point point = new Point(values("bent", "10"));
    long seed = RunSeed.of(experiment, 7, point, 1);
    // A value that must never change: results of earlier versions can be run again.
    assertEquals(SEED, seed);
    assertNotEquals(seed, RunSeed.of(experiment, 7, point, 2));
    assertNotEquals(seed, RunSeed.of(experiment, 8, point, 1));
    assertNotEquals(seed, RunSeed.of(experiment, 7, new Point(values("fair", "10")), 1));
  }

  private static final long SEED = 1_125_465_863_502_805_083L;

  @Test
  void theExampleInTheDocumentationIsAPlan() throws Exception {
    String source =
        Files.readString(Path.of("src/main/java/dev/farshore/emulab/plan/package-info.java"));
    String example =
        source
            .substring(source.indexOf("<pre>") + 5, source.indexOf("</pre>"))
            .lines()
            .map(line -> line.replaceFirst("^ \\* ?", ""))
            .collect(Collectors.joining("\n"));
    Plan plan = PlanReader.read("example", example, "package-info.java", Experiments.ALL);
    assertEquals(3 * 4 + 2 * 3 * 4, plan.runs().full().points().size());
    assertEquals(Optional.of("25min"), plan.runs().takes(Testbed.Kind.SIM, false));
    assertEquals(2, plan.plots().getFirst().references().size());
  }

  @Test
  void readsPlacesInTheUnitOfTheAxis() {
    assertEquals(25, place("25ms", "ms"));
    assertEquals(0.025, place("25ms", "s"));
    assertEquals(0, place("0", "ms"));
    assertEquals(0.1, place("0.1%", "%"));
    assertEquals(0.1, place("0.001", "%"));
    assertEquals(40_000, place("40Gbit", "Mbit"));
    assertEquals(0.5, place("512KiB", "MiB"));
    assertEquals(Optional.empty(), XValue.of("25ms", Optional.of("KiB")));
    assertEquals(Optional.empty(), XValue.of("25", Optional.of("ms")));
    assertEquals(Optional.empty(), XValue.of("fair", Optional.empty()));
    assertEquals(Optional.of(64.0), XValue.of("64", Optional.empty()));
    assertEquals(Optional.of(0.5), XValue.of("0.5%", Optional.empty()));
  }

  private static double place(String text, String unit) {
    return XValue.of(text, Optional.of(unit)).orElseThrow();
  }
}
