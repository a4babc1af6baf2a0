package dev.farshore.tests.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.farshore.agent.config.DemoConfig;
import dev.farshore.agent.control.Answer;
import dev.farshore.agent.control.Request;
import dev.farshore.emulab.testbed.live.client.NbdConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code start} without a configuration, on ports of its own. */
@Timeout(300)
class DemoTest {
  private static final int BLOCK = 64 << 10;

  @TempDir Path directory;
  private Demonstration demo;

  @BeforeEach
  void configure() throws IOException {
    demo = new Demonstration(directory);
  }

  private static Answer.Reason refused(Answer<JsonNode> answer) {
    return switch (answer) {
      case Answer.Given<JsonNode> given -> throw new AssertionError(given.toString());
      case Answer.Refused<JsonNode>(Answer.Reason reason, String text) -> reason;
    };
  }

  private static byte[] block(long seed) {
    byte[] data = new byte[BLOCK];
    new Random(seed).nextBytes(data);
    return data;
  }

  private void write(String site, long from, long to) throws IOException {
    try (NbdConnection client = new NbdConnection(demo.nbd(site), "demo")) {
      for (long i = from; i < to; i++) {
        client.sendWrite(i, i * BLOCK, block(i));
        client.push();
        assertEquals(0, client.receive().error());
      }
    }
  }

  private void verify(String site, long blocks) throws IOException {
    try (NbdConnection client = new NbdConnection(demo.nbd(site), "demo")) {
      assertEquals(DemoConfig.VOLUME_BYTES, client.sizeBytes());
      for (long i = 0; i < blocks; i++) {
        assertArrayEquals(block(i), client.read(i * BLOCK, BLOCK), "block " + i);
      }
    }
  }

  @Test
  void losesThePrimaryAndFindsEverythingAtThePromotedMirror() throws Exception {
    try (CommandProcess start = demo.start()) {
      assertTrue(
          start.output().contains("nbd://localhost:" + demo.nbdPort("west") + "/demo  writable"));
      assertTrue(
          start.output().contains("nbd://localhost:" + demo.nbdPort("east") + "/demo  read-only"));
      write("west", 0, 64);
      demo.awaitGroup("west", "primary", "healthy");
      demo.awaitGroup("east", "mirror", "healthy");
      assertEquals(0, demo.run("status").exitCode());
      demo.awaitMirrored("west");
      verify("east", 64);

      Demonstration.kill(demo.pid("west"));
      start.awaitOutput("*** site west");
      assertTrue(start.output().contains("was ended by signal 9"), start.output());
      assertEquals(3, demo.run("status").exitCode());

      CommandProcess promote = demo.run("promote", "demo");
      assertEquals(0, promote.exitCode(), promote.output());
      assertTrue(promote.output().contains("leads group demo"), promote.output());
      verify("east", 64);
      write("east", 64, 96);

      try (CommandProcess west =
          new CommandProcess(directory, "start", "--config", "farshore-demo/west/farshore.toml")) {
        west.awaitOutput("is up");
        demo.awaitGroup("west", "mirror", "healthy");
        demo.awaitGroup("east", "primary", "healthy");
        demo.awaitMirrored("east");
        verify("west", 96);
      }
    }
  }

  @Test
  void endsBothSitesCleanlyAtSigterm() throws Exception {
    try (CommandProcess start = demo.start()) {
      long west = demo.pid("west");
      long east = demo.pid("east");
      start.terminate();
      assertEquals(143, start.exitCode());
      assertFalse(ProcessHandle.of(west).isPresent());
      assertFalse(ProcessHandle.of(east).isPresent());
    }
    for (String site : DemoConfig.SITES) {
      String log = Files.readString(demo.home(site).resolve("agent.log"));
      assertTrue(log.contains("site " + site + " has ended"), log);
    }
  }

  @Test
  void theSitesEndWhenTheirParentIsKilled() throws Exception {
    long west;
    long east;
    try (CommandProcess start = demo.start()) {
      west = demo.pid("west");
      east = demo.pid("east");
      start.kill();
    }
    Demonstration.awaitEnd(west);
    Demonstration.awaitEnd(east);
  }

  @Test
  void stopEndsItAndStartSaysWhenItRunsAlready() throws Exception {
    try (CommandProcess start = demo.start()) {
      CommandProcess second = demo.run("start");
      assertEquals(11, second.exitCode(), second.output());
      CommandProcess site = demo.run("start", "--config", "farshore-demo/west/farshore.toml");
      assertEquals(11, site.exitCode(), site.output());
      assertTrue(site.output().contains("is in use by process"), site.output());
      assertEquals(0, demo.run("stop").exitCode());
      assertEquals(0, start.exitCode(), start.output());
    }
  }

  @Test
  void namesThePortThatIsTakenAndItsHolder() throws Exception {
    try (ServerSocket taken =
        new ServerSocket(demo.nbdPort("east"), 1, InetAddress.getLoopbackAddress())) {
      CommandProcess start = demo.run("start");
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
    try (CommandProcess start = demo.start()) {
      assertEquals(0, demo.run("volume", "create", "more", "--size", "8MiB").exitCode());
      assertEquals(
          Answer.Reason.WRONG_STATE,
          refused(demo.ask("west", new Request.CreateVolume("demo", "more", 8 << 20))));
      assertEquals(
          Answer.Reason.WRONG_STATE,
          refused(demo.ask("east", new Request.CreateVolume("demo", "else", 8 << 20))));
      demo.demand("west", new Request.ResizeVolume("demo", "more", 16 << 20));
      demo.awaitGroup("east", "mirror", "healthy");
      try (NbdConnection client = new NbdConnection(demo.nbd("east"), "more")) {
        assertEquals(16 << 20, client.sizeBytes());
      }
      demo.demand("west", new Request.RemoveVolume("demo", "more"));
      assertEquals(
          Answer.Reason.NOT_FOUND,
          refused(demo.ask("west", new Request.RemoveVolume("demo", "more"))));
      assertFalse(demo.run("volume", "list").output().contains("more"));
      assertTrue(start.isAlive());
    }
  }

  /** What it prints reaches the pipe, with and without a newline at its end. */
  @Test
  void showsEveryValueOfAConfigurationThatIsInForce() throws Exception {
    CommandProcess show =
        demo.run("config", "show", "--config", "farshore-demo/west/farshore.toml");
    assertEquals(0, show.exitCode());
    assertTrue(show.output().contains("max-at-risk = \"256MiB\""), show.output());
  }

  /** Its record would be in both logs for good, and neither site's disk could follow it. */
  @Test
  void aVolumeThatNoFileCanHoldIsRefused() throws Exception {
    try (CommandProcess start = demo.start()) {
      CommandProcess create = demo.run("volume", "create", "vast", "--size", "16TiB");
      assertEquals(2, create.exitCode());
      assertTrue(create.output().contains("1 byte to 15 TiB"), create.output());
      CommandProcess resize = demo.run("volume", "resize", "demo", "--size", "16TiB");
      assertEquals(2, resize.exitCode());
      demo.createVolume("large", 15L << 40);
      try (NbdConnection client = new NbdConnection(demo.nbd("west"), "large")) {
        client.sendWrite(1, (15L << 40) - BLOCK, block(7));
        client.push();
        assertEquals(0, client.receive().error());
      }
      demo.awaitMirrored("west");
      for (String site : DemoConfig.SITES) {
        demo.awaitImage(site, 15L << 40);
      }
      try (NbdConnection client = new NbdConnection(demo.nbd("east"), "large")) {
        assertArrayEquals(block(7), client.read((15L << 40) - BLOCK, BLOCK));
      }
      assertFalse(start.output().contains("failed"), start.output());
    }
  }
}
