package dev.farshore.tests.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.config.ConfigException;
import dev.farshore.agent.config.ConfigReader;
import dev.farshore.agent.config.SiteConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the README says is so. */
class ReadmeTest {
  private static final Path FILE = Path.of("/etc/farshore/farshore.toml");

  private static final String LEAST =
      """
      [site]
      name = "amsterdam"
      number = 1
      data = "/var/lib/farshore"

      [nbd]
      listen = ["127.0.0.1:10809", "unix:nbd.sock"]

      [[peer]]
      name = "rotterdam"
      number = 2
      address = "127.0.0.1:7602"

      [[group]]
      name = "main"
      peer = "rotterdam"
      first-primary = "amsterdam"
      """;

  @Test
  void theConfigurationReferenceNamesEveryKeyWithItsDefault() throws IOException, ConfigException {
    String readme = Files.readString(House.root().resolve("README.md"));
    int start = readme.indexOf("```toml\n") + "```toml\n".length();
    String reference = readme.substring(start, readme.indexOf("```", start));
    SiteConfig least = ConfigReader.parse(LEAST, FILE);
    String socket = "control-socket = \"control.sock\"";
    assertTrue(reference.contains(socket));
    SiteConfig documented =
        ConfigReader.parse(
            reference.replace(socket, "control-socket = \"/var/lib/farshore/control.sock\""), FILE);
    assertEquals(least, documented);
    for (String key : dev.farshore.agent.config.ConfigPrinter.print(least).split("\n")) {
      String name = key.split(" ")[0];
      assertTrue(reference.contains(name), name + " is not in the reference");
    }
  }
}
