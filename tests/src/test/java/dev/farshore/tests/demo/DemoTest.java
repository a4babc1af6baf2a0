package dev.farshore.tests.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.farshore.agent.config.DemoConfig;
import dev.farshore.agent.control.Answer;
import dev.farshore.agent.control.ControlClient;
import dev.farshore.agent.control.Request;
import dev.farshore.tests.client.NbdConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code start} without a configuration, on ports of its own. */
@Timeout(300)
class DemoTest {
  private static final int BLOCK = 64 << 10;

  @TempDir Path directory;
  private Path demo;
  private List<Integer> ports;

  @BeforeEach
  void configure() throws IOException {
    demo = directory.resolve("farshore-demo");
    ports = freePorts(4);
    for (String site : DemoConfig.SITES) {
      Files.createDirectories(demo.resolve(site));
      Files.writeString(
          demo.resolve(site).resolve("farshore.toml"),
          DemoConfig.text(site)
              .replace("10809", "" + ports.get(0))
              .replace("10810", "" + ports.get(1))
              .replace("7601", "" + ports.get(2))
              .replace("7602", "" + ports.get(3)));
    }
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    }
    List<Integer> ports = new ArrayList<>();
    for (ServerSocket socket : sockets) {
      ports.add(socket.getLocalPort());
      socket.close();
    }
    return ports;
  }

  private CommandProcess start() throws IOException {
    return new CommandProcess(directory, "start");
  }

  private CommandProcess run(String... arguments) throws IOException, InterruptedException {
    CommandProcess command = new CommandProcess(directory, arguments);
    command.exitCode();
    return command;
  }

  /** Asks a running site without a process of its own for it. */
  private Answer<JsonNode> ask(String site, Request request) throws IOException {
    try (ControlClient client =
        ControlClient.connect(demo.resolve(site).resolve("data/control.sock"))) {
      return client.ask(request, text -> {});
    }
  }

  private JsonNode site(String name) throws IOException {
    return given(ask(name, new Request.Status())).path("status");
  }

  private static JsonNode given(Answer<JsonNode> answer) {
    return switch (answer) {
      case Answer.Given<JsonNode>(JsonNode result) -> result;
      case Answer.Refused<JsonNode> refused -> throw new AssertionError(refused.toString());
    };
  }

  private static Answer.Reason refused(Answer<JsonNode> answer) {
    return switch (answer) {
      case Answer.Given<JsonNode> given -> throw new AssertionError(given.toString());
      case Answer.Refused<JsonNode>(Answer.Reason reason, String text) -> reason;
    };
  }

  /** Waits until a site's group has this role and this health. */
  private void awaitGroup(String site, String role, String health)
      throws IOException, InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(100);
    JsonNode group;
    do {
      group = site(site).path("groups").path(0);
      if (group.path("role").asText().equals(role)
          && group.path("health").asText().equals(health)) {
        return;
      }
    } while (System.nanoTime() - deadline < 0 && !never.await(50, TimeUnit.MILLISECONDS));
    throw new AssertionError("site " + site + " is not " + role + ", " + health + ": " + group);
  }

  private InetSocketAddress nbd(int site) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(site));
  }

  private static byte[] block(long seed) {
    byte[] data = new byte[BLOCK];
    new Random(seed).nextBytes(data);
    return data;
  }

  private void write(int site, long from, long to) throws IOException {
    try (NbdConnection client = new NbdConnection(nbd(site), "demo")) {
      for (long i = from; i < to; i++) {
        client.sendWrite(i, i * BLOCK, block(i));
        client.push();
        assertEquals(0, client.receive().error());
      }
    }
  }

  private void verify(int site, long blocks) throws IOException {
    try (NbdConnection client = new NbdConnection(nbd(site), "demo")) {
      assertEquals(DemoConfig.VOLUME_BYTES, client.sizeBytes());
      for (long i = 0; i < blocks; i++) {
        assertArrayEquals(block(i), client.read(i * BLOCK, BLOCK), "block " + i);
      }
    }
  }

  private static void killProcess(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    awaitEnd(pid);
  }

  private static void awaitEnd(long pid) {
    ProcessHandle.of(pid).ifPresent(p -> p.onExit().orTimeout(100, TimeUnit.SECONDS).join());
  }

  @Test
  void losesThePrimaryAndFindsEverythingAtThePromotedMirror() throws Exception {
    try (CommandProcess start = start()) {
      start.awaitOutput("end all of it");
      assertTrue(start.output().contains("nbd://localhost:" + ports.get(0) + "/demo  writable"));
      assertTrue(start.output().contains("nbd://localhost:" + ports.get(1) + "/demo  read-only"));
      write(0, 0, 64);
      awaitGroup("west", "primary", "healthy");
      awaitGroup("east", "mirror", "healthy");
      assertEquals(0, run("status").exitCode());
      verify(1, 64);

      killProcess(site("west").path("pid").asLong());
      start.awaitOutput("*** site west");
      assertTrue(start.output().contains("was ended by signal 9"), start.output());
      assertEquals(3, run("status").exitCode());

      CommandProcess promote = run("promote", "demo");
      assertEquals(0, promote.exitCode(), promote.output());
      assertTrue(promote.output().contains("leads group demo"), promote.output());
      verify(1, 64);
      write(1, 64, 96);

      try (CommandProcess west =
          new CommandProcess(directory, "start", "--config", "farshore-demo/west/farshore.toml")) {
        west.awaitOutput("is up");
        awaitGroup("west", "mirror", "healthy");
        awaitGroup("east", "primary", "healthy");
        verify(0, 96);
      }
    }
  }

  @Test
  void survivesTheDeathOfEverything() throws Exception {
    try (CommandProcess start = start()) {
      start.awaitOutput("end all of it");
      write(0, 0, 64);
      long west = site("west").path("pid").asLong();
      long east = site("east").path("pid").asLong();
      killProcess(west);
      killProcess(east);
      start.kill();
    }
    try (CommandProcess again = start()) {
      again.awaitOutput("end all of it");
      verify(0, 64);
      awaitGroup("east", "mirror", "healthy");
      verify(1, 64);
    }
  }

  @Test
  void endsBothSitesCleanlyAtSigterm() throws Exception {
    try (CommandProcess start = start()) {
      start.awaitOutput("end all of it");
      long west = site("west").path("pid").asLong();
      long east = site("east").path("pid").asLong();
      start.terminate();
      assertEquals(143, start.exitCode());
      assertFalse(ProcessHandle.of(west).isPresent());
      assertFalse(ProcessHandle.of(east).isPresent());
    }
    for (String site : DemoConfig.SITES) {
      String log = Files.readString(demo.resolve(site).resolve("agent.log"));
      assertTrue(log.contains("site " + site + " has ended"), log);
    }
  }

  @Test
  void theSitesEndWhenTheirParentIsKilled() throws Exception {
    long west;
    long east;
    try (CommandProcess start = start()) {
      start.awaitOutput("end all of it");
      west = site("west").path("pid").asLong();
      east = site("east").path("pid").asLong();
      start.kill();
    }
    awaitEnd(west);
    awaitEnd(east);
  }

  @Test
  void stopEndsItAndStartSaysWhenItRunsAlready() throws Exception {
    try (CommandProcess start = start()) {
      start.awaitOutput("end all of it");
      CommandProcess second = run("start");
      assertEquals(11, second.exitCode(), second.output());
      CommandProcess site = run("start", "--config", "farshore-demo/west/farshore.toml");
      assertEquals(11, site.exitCode(), site.output());
      assertTrue(site.output().contains("is in use by process"), site.output());
      assertEquals(0, run("stop").exitCode());
      assertEquals(0, start.exitCode(), start.output());
    }
  }

  @Test
  void namesThePortThatIsTakenAndItsHolder() throws Exception {
    try (ServerSocket taken = new ServerSocket(ports.get(1), 1, InetAddress.getLoopbackAddress())) {
      CommandProcess start = run("start");
      assertEquals(1, start.exitCode());
      String expected =
          "site east: cannot use 127.0.0.1:" + taken.getLocalPort() + " (NBD): Address already";
      assertTrue(start.output().contains(expected), start.output());
      assertTrue(
          start.output().contains("held by process " + ProcessHandle.current().pid()),
          start.output());
    }
  }

  @Test
  void volumesAreMadeAndRemovedAtBothSites() throws Exception {
    try (CommandProcess start = start()) {
      start.awaitOutput("end all of it");
      assertEquals(0, run("volume", "create", "more", "--size", "8MiB").exitCode());
      assertEquals(
          Answer.Reason.WRONG_STATE,
          refused(ask("west", new Request.CreateVolume("demo", "more", 8 << 20))));
      assertEquals(
          Answer.Reason.WRONG_STATE,
          refused(ask("east", new Request.CreateVolume("demo", "else", 8 << 20))));
      given(ask("west", new Request.ResizeVolume("demo", "more", 16 << 20)));
      awaitGroup("east", "mirror", "healthy");
      try (NbdConnection client = new NbdConnection(nbd(1), "more")) {
        assertEquals(16 << 20, client.sizeBytes());
      }
      given(ask("west", new Request.RemoveVolume("demo", "more")));
      assertEquals(
          Answer.Reason.NOT_FOUND, refused(ask("west", new Request.RemoveVolume("demo", "more"))));
      assertFalse(run("volume", "list").output().contains("more"));
    }
  }
}
