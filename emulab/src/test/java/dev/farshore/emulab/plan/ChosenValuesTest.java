package dev.farshore.emulab.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.config.ConfigException;
import dev.farshore.emulab.testbed.Testbed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChosenValuesTest {
  @TempDir Path directory;

  private Plan read(String... chosen) throws Exception {
    String text = SmallExperiment.PLAN + "[takes]\nsim = \"25min\"\n";
    Files.writeString(directory.resolve("coins.toml"), text);
    return new Plans(directory, List.of(new SmallExperiment()))
        .read("coins", ChosenValues.of(List.of(chosen)));
  }

  @Test
  void takeThePlaceOfWhatThePlanSaysInBothExtents() throws Exception {
    Plan plan = read("tosses=30", "delay=5 ms", "tosses=40");
    assertEquals(List.of("30", "40"), plan.runs().full().values("tosses"));
    assertEquals(List.of("30", "40"), plan.runs().quick().values("tosses"));
    assertEquals(List.of("5 ms"), plan.runs().quick().values("delay"));
    assertEquals(List.of("fair", "bent"), plan.runs().full().values("coin"));
    assertEquals("tosses=30,40 delay=5 ms", plan.runs().chosen().toString());
  }

  @Test
  void goBeforeEverySweep() throws Exception {
    String sweeps = "[[sweep]]\ntosses = 20\n[[sweep]]\ncoin = \"bent\"\n";
    String text = SmallExperiment.PLAN.replace("[quick]\n", sweeps + "[quick]\n");
    Plan plan =
        PlanReader.read(
            "coins",
            text + ChosenValues.of(List.of("tosses=5")).table().orElseThrow(),
            "coins.toml",
            List.of(new SmallExperiment()));
    assertEquals(List.of("5"), plan.runs().full().values("tosses"));
    assertEquals(2, plan.runs().full().points().size());
  }

  @Test
  void arePartOfTheTextThatIsKeptWithTheResults() throws Exception {
    Plan plan = read("tosses=30");
    Plan kept = PlanReader.read("coins", plan.text(), "plan.toml", List.of(new SmallExperiment()));
    assertEquals(plan.runs(), kept.runs());
    assertEquals(Optional.empty(), read().runs().chosen().table());
  }

  @Test
  void leaveNothingOfHowLongThePlanTakes() throws Exception {
    assertEquals(Optional.of("25min"), read().runs().takes(Testbed.Kind.SIM, false));
    assertEquals(Optional.empty(), read("tosses=30").runs().takes(Testbed.Kind.SIM, false));
  }

  @Test
  void unknownInputIsRefusedWithTheKnownOnes() {
    ConfigException e = assertThrows(ConfigException.class, () -> read("toses=30"));
    assertTrue(e.getMessage().contains("did you mean 'tosses'?"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tosses", "=30", "tosses=", "tosses=\"", "tosses=a\\b", "a b=1", ""})
  void whatIsNoValueIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> ChosenValues.of(List.of(text)));
  }

  @Test
  void valueThatIsSaidTwiceIsRefused() {
    List<String> twice = List.of("tosses=30", "tosses=30");
    assertThrows(IllegalArgumentException.class, () -> ChosenValues.of(twice));
  }
}
