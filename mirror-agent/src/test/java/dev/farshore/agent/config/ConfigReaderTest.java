package dev.farshore.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.config.GroupConfig.Mode;
import dev.farshore.agent.config.GroupConfig.OnExposure;
import dev.farshore.agent.config.GroupConfig.OnQuota;
import dev.farshore.link.session.CodeSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConfigReaderTest {
  private static final Path FILE = Path.of("/etc/farshore/farshore.toml");

  private static final String COMPLETE =
      """
      [site]
      name = "a"
      number = 1
      data = "/var/lib/farshore"
      listen = "127.0.0.1:7601"
      control-socket = "/run/farshore.sock"

      [nbd]
      listen = ["127.0.0.1:10809", "unix:nbd.sock", "[::1]:10809"]

      [link]
      code = "reed-solomon"
      data = 10
      repair = 4
      burst = "5ms"
      flush = "2ms"
      rate = "250Mbit"
      datagram = "1200B"
      window = "8MiB"

      [[peer]]
      name = "b"
      number = 2
      address = "localhost:7602"

      [[group]]
      name = "main"
      peer = "b"
      first-primary = "a"
      mode = "remote"
      coverage = 1
      max-at-risk = "10MiB"
      max-at-risk-time = "3s"
      on-exposure = "degrade"
      segment = "16MiB"
      fold-batch = "32MiB"
      fold-delay = "10s"
      quota = "1GiB"
      on-quota = "block"
      start-wait = "1min"
      drain = "500ms"
      """;

  private static final String MINIMAL =
      """
      [site]
      name = "a"
      number = 1
      data = "data"

      [[peer]]
      name = "b"
      number = 2
      address = "127.0.0.1:7602"

      [[group]]
      name = "main"
      peer = "b"
      first-primary = "b"
      """;

  private static List<String> problems(String text) {
    return assertThrows(ConfigException.class, () -> ConfigReader.parse(text, FILE), text)
        .problems();
  }

  private static void refuses(String text, String expected) {
    List<String> problems = problems(text);
    assertTrue(
        problems.stream().anyMatch(p -> p.contains(expected)),
        () -> expected + " is not in " + problems);
  }

  @Test
  void readsEveryKey() throws ConfigException {
    SiteConfig config = ConfigReader.parse(COMPLETE, FILE);
    assertEquals(new CodeSettings.ReedSolomon(10, 4), config.link().code());
    assertEquals(250_000_000L, config.link().rateBitsPerSecond());
    assertEquals(5_000_000L, config.link().burstNanos());
    assertEquals(new Address.Unix(Path.of("/etc/farshore/nbd.sock")), config.nbd().listen().get(1));
    assertEquals(new Address.Internet("::1", 10809), config.nbd().listen().get(2));
    GroupConfig group = config.groups().getFirst();
    assertEquals(new GroupConfig.Promise(Mode.REMOTE, 1), group.promise());
    assertEquals(
        new GroupConfig.Exposure(10 << 20, 3_000_000_000L, OnExposure.DEGRADE), group.exposure());
    assertEquals(OnQuota.BLOCK, group.storage().beyond());
    assertEquals(500_000_000L, group.patience().drainNanos());
  }

  @Test
  void whatIsNotSaidHasItsDefault() throws ConfigException {
    SiteConfig config = ConfigReader.parse(MINIMAL, FILE);
    assertEquals(new CodeSettings.Layered(8, List.of(1, 10, 100)), config.link().code());
    assertEquals(new GroupConfig.Promise(Mode.NETWORK, 3), config.groups().getFirst().promise());
    assertEquals(Path.of("/etc/farshore/data/control.sock"), config.site().controlSocket());
  }

  @Test
  void printsWhatItReadsBack() throws ConfigException {
    for (String text : List.of(COMPLETE, MINIMAL)) {
      SiteConfig config = ConfigReader.parse(text, FILE);
      assertEquals(
          config, ConfigReader.parse(ConfigPrinter.print(config), Path.of("/else/x.toml")));
    }
  }

  @Test
  void bothDemoSitesAreValidAndMeetEachOther() throws ConfigException {
    SiteConfig west = ConfigReader.parse(DemoConfig.text("west"), Path.of("demo/west/f.toml"));
    SiteConfig east = ConfigReader.parse(DemoConfig.text("east"), Path.of("demo/east/f.toml"));
    assertEquals(west.site().listen(), east.peer("west").orElseThrow().address());
    assertEquals(east.site().listen(), west.peer("east").orElseThrow().address());
    assertEquals("west", west.groups().getFirst().firstPrimary());
    assertEquals("west", east.groups().getFirst().firstPrimary());
    assertEquals("[127.0.0.1:10809]", west.nbd().listen().toString());
    assertEquals("[127.0.0.1:10810]", east.nbd().listen().toString());
  }

  @Test
  void anUnknownKeyIsRefusedWithItsPlaceAndTheNearestKnownOne() {
    assertEquals(
        List.of(
            "/etc/farshore/farshore.toml:15:1: unknown key 'group.max-at-rsik';"
                + " did you mean 'max-at-risk'?"),
        problems(MINIMAL + "max-at-rsik = \"1MiB\"\n"));
    refuses("[lnik]\nrate = \"1Gbit\"\n" + MINIMAL, "unknown key 'lnik'; did you mean 'link'?");
    refuses(MINIMAL.replace("[[group]]", "[[groups]]"), "did you mean 'group'?");
  }

  @Test
  void allProblemsAreReportedAtOnceInOrder() {
    List<String> problems =
        problems(
            MINIMAL.replace("number = 1", "number = 0").replace("\"b\"", "\"c\"")
                + "mode = \"netwrok\"\nquota = 5\n");
    assertTrue(
        problems.get(0).startsWith("/etc/farshore/farshore.toml:3:1: site.number"),
        problems.toString());
    refuses(MINIMAL + "mode = \"netwrok\"\n", "did you mean 'network'?");
    refuses(MINIMAL + "quota = 5\n", "has no unit");
    assertTrue(problems.size() >= 3, problems.toString());
  }

  @Test
  void syntaxErrorsHaveTheirPlace() {
    List<String> problems = problems("[site]\nname = \n");
    assertTrue(
        problems.getFirst().startsWith("/etc/farshore/farshore.toml:2:"), problems.toString());
  }

  @Test
  void leavingTheMachineNeedsTheOperatorsWord() throws ConfigException {
    String remote = MINIMAL.replace("127.0.0.1:7602", "192.0.2.7:7602");
    refuses(remote, "is not a loopback address");
    SiteConfig accepted =
        ConfigReader.parse(remote.replace("number = 2", "number = 2\ninsecure = true"), FILE);
    assertTrue(accepted.peers().getFirst().insecure());

    String listening = MINIMAL.replace("data = ", "listen = \"0.0.0.0:7601\"\ndata = ");
    refuses(listening, "site.listen: 0.0.0.0:7601 is not a loopback address");
    ConfigReader.parse(listening.replace("number = 2", "number = 2\ninsecure = true"), FILE);

    String nbd = MINIMAL.replace("[[peer]]", "[nbd]\nlisten = [\"0.0.0.0:10809\"]\n[[peer]]");
    refuses(nbd, "NBD clients are neither authenticated");
    ConfigReader.parse(nbd.replace("[nbd]", "[nbd]\ninsecure = true"), FILE);
  }

  @Test
  void aPeerPermitsOnlyLoopbackUnlessInsecure() throws Exception {
    PeerConfig secure = ConfigReader.parse(MINIMAL, FILE).peers().getFirst();
    assertTrue(secure.permits(new java.net.InetSocketAddress("127.0.0.1", 5)));
    assertFalse(secure.permits(new java.net.InetSocketAddress("192.0.2.1", 5)));
    assertFalse(secure.permits(java.net.InetSocketAddress.createUnresolved("localhost", 5)));
  }

  @Test
  void namesNumbersAndReferencesMustFitTogether() {
    refuses(MINIMAL.replace("name = \"b\"", "name = \"a\""), "there is another site 'a'");
    refuses(MINIMAL.replace("number = 2", "number = 1"), "another site with number 1");
    refuses(MINIMAL.replace("peer = \"b\"", "peer = \"x\""), "there is no site 'x' here; known: b");
    refuses(
        MINIMAL + "\n[[group]]\nname = \"main\"\npeer = \"b\"\nfirst-primary = \"a\"\n",
        "another group 'main'");
    refuses(MINIMAL.replace("name = \"main\"", "name = \"../main\""), "is not a name");
    refuses(MINIMAL + "coverage = 4\n", "4 is not in 1 to 3");
    refuses(MINIMAL + "coverage = \"half\"\n", "must be \"full\"");
    refuses(MINIMAL + "quota = \"100MiB\"\n", "must hold a fold-batch");
    refuses("", "the table [site] is missing");
    refuses(MINIMAL + "\n[link]\ncode = \"none\"\ndata = 8\n", "has no meaning");
    refuses(MINIMAL + "\n[link]\ninterleave = [10, 1]\n", "ascending");
  }

  @Test
  void noTextEndsInAnythingButAConfigurationOrItsProblems() {
    // No addresses: a changed one would be looked up on the network.
    String original =
        COMPLETE.replaceAll("(?m)^(listen) = .*$", "").replace("localhost", "127.0.0.1");
    original = original.replace("number = 2", "number = 2\ninsecure = true");
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 1500; i++) {
      StringBuilder text = new StringBuilder(original);
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.setCharAt(at, (char) (32 + random.nextInt(95)));
          default -> text.insert(at, "\"[]=#.{}\n,0a".charAt(random.nextInt(12)));
        }
      }
      try {
        ConfigReader.parse(text.toString(), FILE);
      } catch (ConfigException e) {
        refused++;
        assertFalse(e.problems().isEmpty());
      }
    }
    assertTrue(refused > 500, "refused only " + refused);
  }
}
