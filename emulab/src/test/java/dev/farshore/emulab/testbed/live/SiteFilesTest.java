package dev.farshore.emulab.testbed.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.config.Address;
import dev.farshore.agent.config.ConfigReader;
import dev.farshore.agent.config.GroupConfig;
import dev.farshore.agent.config.SiteConfig;
import dev.farshore.emulab.testbed.Configuration;
import dev.farshore.emulab.testbed.Trial;
import dev.farshore.link.session.CodeSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SiteFilesTest {
  private static SiteFiles files(Side side) {
    Path home = Path.of("/home").resolve(side.toString());
    return new SiteFiles(
        side,
        home,
        new SiteFiles.Place(
            new Address.Internet("10.99.0.1", 7601),
            new Address.Internet("10.99.0.2", 7601),
            home));
  }

  private static final CodeSettings CODE = new CodeSettings.Layered(8, List.of(1, 10, 100));

  private static Trial trial(Configuration configuration, int groups, String delay) {
    return new Trial(
        configuration,
        new Trial.Link(CODE, 1_000_000, 1_000_000_000),
        Map.of("delay", delay),
        new Trial.Load(groups, 64, 4096, 0),
        new Trial.Course(0, 0, 1, Optional.empty()));
  }

  private static SiteConfig read(Trial trial, Side side) throws Exception {
    SiteFiles files = files(side);
    return ConfigReader.parse(files.text(trial), files.configuration());
  }

  @Test
  void theAgentReadsWhatWasMeantForEveryConfiguration() throws Exception {
    for (Configuration configuration : Configuration.ALL) {
      Trial trial = trial(configuration, 8, "25ms");
      for (Side side : Side.values()) {
        SiteFiles files = files(side);
        assertEquals(files.config(trial), read(trial, side), configuration.name());
      }
    }
  }

  @Test
  void groupsHaveEqualSharesOfTheRate() throws Exception {
    SiteConfig config = read(trial(Configuration.ALL.getFirst(), 8, "25ms"), Side.WEST);
    assertEquals(8, config.groups().size());
    assertEquals(125_000_000, config.link().rateBitsPerSecond());
    assertThrows(
        IllegalArgumentException.class,
        () -> read(trial(Configuration.ALL.getFirst(), 0, "25ms"), Side.WEST));
  }

  @Test
  void configurationsDifferInModeCoverageAndCode() throws Exception {
    GroupConfig.Promise second = promise("network-sync-2");
    assertEquals(GroupConfig.Mode.NETWORK, second.mode());
    assertEquals(2, second.coverage());
    assertEquals(GroupConfig.Mode.LOCAL, promise("local-sync+FEC").mode());
    assertEquals(GroupConfig.Mode.REMOTE, promise("remote-sync").mode());
    assertEquals(new CodeSettings.None(), config("remote-sync").link().code());
    assertEquals(CODE, config("remote-sync+FEC").link().code());
  }

  @Test
  void theWindowHoldsTwoRoundTripsAndAPromotionWaitsForOne() throws Exception {
    SiteConfig config = read(trial(Configuration.ALL.getFirst(), 1, "100ms"), Side.EAST);
    assertTrue(config.link().windowBytes() >= 2 * 25_000_000, config.link().toString());
    assertTrue(config.groups().getFirst().patience().drainNanos() > 200_000_000);
  }

  private static SiteConfig config(String name) throws Exception {
    return read(trial(Configuration.named(name).orElseThrow(), 1, "25ms"), Side.WEST);
  }

  private static GroupConfig.Promise promise(String name) throws Exception {
    return config(name).groups().getFirst().promise();
  }
}
