package dev.farshore.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MirrorAbsenceTest {

  private static String of(String settings) throws ConfigException {
    String text =
        """
        [site]
        name = "a"
        number = 1
        data = "/var/lib/farshore"

        [[peer]]
        name = "b"
        number = 2
        address = "localhost:7602"

        [[group]]
        name = "main"
        peer = "b"
        first-primary = "a"
        """;
    SiteConfig config = ConfigReader.parse(text + settings, Path.of("/etc/farshore.toml"));
    return MirrorAbsence.of(config.groups().getFirst());
  }

  @Test
  void writesWaitUnlessTheOperatorChoseOtherwise() throws ConfigException {
    assertEquals(
        "group main: while b is away, writes wait once 256MiB of writes, or 30s, are unconfirmed,"
            + " until it is back (on-exposure = \"block\")",
        of(""));
    assertEquals(
        "group main: while b is away, writes wait until it is back (mode = \"remote\","
            + " on-exposure = \"block\")",
        of("mode = \"remote\""));
  }

  @Test
  void theQuotaMattersWhereTheLimitsDoNotStopWriters() throws ConfigException {
    String degrade = "on-exposure = \"degrade\"\n";
    assertEquals(
        "group main: while b is away, writes are answered as in mode local once 256MiB of writes,"
            + " or 30s, are unconfirmed; when 8GiB of log are kept for it, it is given up: writes"
            + " go on unprotected, and it is copied anew later (on-exposure = \"degrade\","
            + " on-quota = \"detach-mirror\")",
        of(degrade));
    assertEquals(
        "group main: while b is away, writes wait, and are answered as in mode local once 256MiB"
            + " of writes, or 30s, are unconfirmed; when 8GiB of log are kept for it, writes wait"
            + " until it is back (on-exposure = \"degrade\", on-quota = \"block\")",
        of(degrade + "mode = \"remote\"\non-quota = \"block\""));
  }

  @Test
  void aQuotaBelowTheLimitsComesFirst() throws ConfigException {
    assertEquals(
        "group main: while b is away, writes wait once 9GiB of writes, or 1d, are unconfirmed,"
            + " until it is back; or, if that comes first, when 8GiB of log are kept for it, it is"
            + " given up: writes go on unprotected, and it is copied anew later (on-exposure ="
            + " \"block\")",
        of("max-at-risk = \"9GiB\"\nmax-at-risk-time = \"1d\""));
  }
}
