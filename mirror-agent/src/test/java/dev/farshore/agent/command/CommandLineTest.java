package dev.farshore.agent.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.farshore.agent.config.DemoConfig;
import dev.farshore.agent.control.ControlServer;
import dev.farshore.agent.control.FakeSite;
import dev.farshore.agent.status.Health;
import dev.farshore.agent.status.Role;
import dev.farshore.agent.status.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(60)
class CommandLineTest {
  private static final Verdict SICK = new Verdict(Health.BLOCKED, "writes wait", "");

  @TempDir Path demo;
  private final List<ControlServer> servers = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @AfterEach
  void close() throws IOException {
    for (ControlServer server : servers) {
      server.close();
    }
  }

  private void configure(String site) throws IOException {
    Files.createDirectories(demo.resolve(site).resolve("data"));
    Files.writeString(demo.resolve(site).resolve("farshore.toml"), DemoConfig.text(site));
  }

  private FakeSite running(String site, Role role, Verdict verdict) throws IOException {
    configure(site);
    FakeSite fake = new FakeSite(site, role, verdict);
    servers.add(ControlServer.listen(demo.resolve(site).resolve("data/control.sock"), fake));
    return fake;
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = MirrorAgent.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  /** With {@code --data} of the two sites. */
  private int runHere(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", demo.toString()));
    return run(all.toArray(String[]::new));
  }

  @Test
  void statusTellsByItsExitCodeWhetherEverythingIsHealthy() throws IOException {
    running("west", Role.PRIMARY, Verdict.HEALTHY);
    configure("east");
    assertEquals(ExitCode.PARTIAL, runHere("status"));
    assertTrue(out.toString().contains("site east does not answer"), out.toString());
    running("east", Role.MIRROR, Verdict.HEALTHY);
    assertEquals(ExitCode.OK, runHere("status"));
    assertTrue(out.toString().contains("site: west") && out.toString().contains("site: east"));
  }

  @Test
  void statusIsNotHealthyWhenAGroupIsNot() throws IOException {
    running("west", Role.PRIMARY, SICK);
    assertEquals(ExitCode.PARTIAL, runHere("status"));
    assertTrue(out.toString().contains("why: writes wait"), out.toString());
  }

  @Test
  void statusWithoutAnySiteFails() throws IOException {
    assertEquals(ExitCode.NOT_FOUND, runHere("status"));
    configure("west");
    assertEquals(ExitCode.FAILED, runHere("status"));
  }

  @Test
  void statusAsJsonHasEverySiteAlsoTheSilentOnes() throws IOException {
    running("west", Role.PRIMARY, Verdict.HEALTHY);
    configure("east");
    assertEquals(ExitCode.PARTIAL, runHere("status", "--json"));
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertEquals(1, json.path("schema").asInt());
    assertEquals("east", json.path("sites").path(0).path("site").asText());
    assertTrue(json.path("sites").path(0).path("error").asText().contains("does not answer"));
    assertEquals("healthy", json.path("sites").path(1).path("health").asText());
  }

  @Test
  void promoteFindsTheMirror() throws IOException {
    FakeSite west = running("west", Role.PRIMARY, Verdict.HEALTHY);
    FakeSite east = running("east", Role.MIRROR, Verdict.HEALTHY);
    assertEquals(ExitCode.OK, runHere("promote", "main"));
    assertEquals(List.of("promote main false"), east.changes());
    assertEquals(List.of(), west.changes());
    assertEquals("step 1\nstep 2\nstep 3\nleads\n", out.toString());
  }

  @Test
  void promoteNeedsAGroupThatIsThereAndAMirror() throws IOException {
    FakeSite west = running("west", Role.PRIMARY, Verdict.HEALTHY);
    assertEquals(ExitCode.NOT_FOUND, runHere("promote", "mian"));
    assertTrue(err.toString().contains("known: main"), err.toString());
    assertEquals(ExitCode.WRONG_STATE, runHere("promote", "main"));
    assertEquals(List.of(), west.changes());
  }

  @Test
  void forceShowsTheLossAndNeedsItToBeAccepted() throws IOException {
    FakeSite east = running("east", Role.MIRROR, Verdict.HEALTHY);
    assertEquals(ExitCode.USAGE, runHere("promote", "main", "--force"));
    assertTrue(out.toString().contains("2 records are missing"), out.toString());
    assertTrue(err.toString().contains("--i-accept-loss 2"), err.toString());
    assertEquals(
        ExitCode.WRONG_STATE, runHere("promote", "main", "--force", "--i-accept-loss", "1"));
    assertEquals(ExitCode.USAGE, runHere("promote", "main", "--force", "--i-accept-loss", "1MiB"));
    assertEquals(List.of(), east.changes());
    assertEquals(ExitCode.OK, runHere("promote", "main", "--force", "--i-accept-loss", "2"));
    assertEquals(List.of("promote main true"), east.changes());
  }

  @Test
  void volumesAreChangedAtThePrimary() throws IOException {
    FakeSite west = running("west", Role.PRIMARY, Verdict.HEALTHY);
    FakeSite east = running("east", Role.MIRROR, Verdict.HEALTHY);
    assertEquals(ExitCode.OK, runHere("volume", "create", "db", "--size", "10GiB"));
    assertEquals(ExitCode.USAGE, runHere("volume", "remove", "db"));
    assertEquals(ExitCode.OK, runHere("volume", "remove", "db", "--yes"));
    assertEquals(List.of("create main/db 10737418240", "remove main/db"), west.changes());
    assertEquals(List.of(), east.changes());
    assertEquals(ExitCode.USAGE, runHere("volume", "create", "db", "--size", "10"));
    assertEquals(ExitCode.FAILED, runHere("volume", "resize", "db", "--size", "1GiB"));
    assertEquals(
        ExitCode.NOT_FOUND,
        runHere("volume", "create", "db", "--size", "1GiB", "--group", "other"));
  }

  @Test
  void volumeListHasOneLineForEachVolumeOfEachSite() throws IOException {
    running("west", Role.PRIMARY, Verdict.HEALTHY);
    running("east", Role.MIRROR, Verdict.HEALTHY);
    assertEquals(ExitCode.OK, runHere("volume", "list"));
    assertEquals(
        "v size:1MiB group:main site:east read-only nbd://localhost:1/v\n"
            + "v size:1MiB group:main site:west writable nbd://localhost:1/v\n",
        out.toString());
  }

  @Test
  void stopEndsEverySiteAndWaitsForItsEnd() throws Exception {
    FakeSite west = running("west", Role.PRIMARY, Verdict.HEALTHY);
    Thread end =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    west.stopped().await();
                    servers.getFirst().close();
                  } catch (InterruptedException | IOException e) {
                    throw new IllegalStateException(e);
                  }
                });
    assertEquals(ExitCode.OK, runHere("stop"));
    end.join();
    assertTrue(out.toString().contains("site west has ended"));
  }

  @Test
  void stopDoesNotWaitForever() throws IOException {
    running("west", Role.PRIMARY, Verdict.HEALTHY);
    assertEquals(ExitCode.TIMEOUT, runHere("stop", "--timeout", "0"));
  }

  @Test
  void configCheckSaysWhereAndWhatIsWrong() throws IOException {
    configure("west");
    Path file = demo.resolve("west/farshore.toml");
    assertEquals(ExitCode.OK, run("config", "check", "--config", file.toString()));
    Files.writeString(file, Files.readString(file).replace("listen", "listne"));
    assertEquals(ExitCode.USAGE, run("config", "check", "--config", file.toString()));
    assertTrue(
        err.toString().startsWith(file + ":8:1: unknown key 'site.listne'; did you mean 'listen'?"),
        err.toString());
    assertEquals(
        ExitCode.USAGE, run("config", "check", "--config", demo.resolve("none").toString()));
    assertTrue(err.toString().contains("no such file"), err.toString());
  }

  @Test
  void configShowPrintsTheDefaultsToo() throws IOException {
    configure("west");
    Path file = demo.resolve("west/farshore.toml");
    assertEquals(ExitCode.OK, run("config", "show", "--config", file.toString()));
    assertTrue(out.toString().contains("quota = \"8GiB\""), out.toString());
  }

  @Test
  void wrongArgumentsAreExplainedAndExitWithTwo() {
    assertEquals(ExitCode.USAGE, run());
    assertEquals(ExitCode.USAGE, run("stauts"));
    assertTrue(err.toString().contains("status"), err.toString());
    assertEquals(ExitCode.USAGE, run("status", "--config", "a", "--socket", "b"));
    assertEquals(ExitCode.OK, run("status", "--help"));
    assertEquals(ExitCode.OK, run("--version"));
  }

  @Test
  void completionKnowsTheCommands() {
    assertEquals(ExitCode.OK, run("generate-completion"));
    assertTrue(out.toString().contains("promote"));
    assertFalse(out.toString().isEmpty());
  }
}
