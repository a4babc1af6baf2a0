package dev.farshore.tests.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.farshore.agent.control.Answer;
import dev.farshore.agent.control.Request;
import dev.farshore.emulab.testbed.live.client.NbdConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two sites that share two groups: each group goes its own way, through promotion and damage. */
@Timeout(300)
class TwoGroupsTest {
  private static final String FIRST = "demo";
  private static final String SECOND = "other";
  private static final int BLOCK = 16 << 10;
  private static final int BLOCKS = 64;
  private static final int NOT_HEALTHY = 3;

  @TempDir Path directory;

  private static byte[] block(String volume, long number) {
    byte[] data = new byte[BLOCK];
    new Random(volume.hashCode() * 1000L + number).nextBytes(data);
    return data;
  }

  private static void write(NbdConnection client, String volume, long from, long to)
      throws IOException {
    for (long i = from; i < to; i++) {
      client.sendWrite(i, i * BLOCK, block(volume, i));
      client.push();
      assertEquals(0, client.receive().error(), volume + " block " + i);
    }
  }

  private static void verify(NbdConnection client, String volume, long blocks) throws IOException {
    for (long i = 0; i < blocks; i++) {
      assertArrayEquals(block(volume, i), client.read(i * BLOCK, BLOCK), volume + " block " + i);
    }
  }

  private static NbdConnection connect(Demonstration sites, String site, String volume)
      throws IOException {
    return new NbdConnection(sites.nbd(site), volume);
  }

  @Test
  void oneIsPromotedAndOneIsDamagedAndTheOtherGoesOn() throws Exception {
    Demonstration sites = new Demonstration(directory);
    sites.addGroup(SECOND);
    CommandProcess west = sites.startSite("west");
    try (CommandProcess east = sites.startSite("east")) {
      promoteTheFirst(sites);
      sites.demand("west", new Request.Stop());
      assertEquals(0, west.exitCode());
      west.close();
      damage(sites.home("west").resolve("data/groups").resolve(SECOND));
      try (CommandProcess again = sites.startSite("west")) {
        theDamagedOneIsLeftOut(sites, again);
        takeOverTheSecond(sites);
      }
      assertTrue(east.isAlive());
    }
  }

  /** A client of the other group notices nothing. */
  private static void promoteTheFirst(Demonstration sites) throws Exception {
    sites.demand("west", new Request.CreateVolume(FIRST, "v1", 1 << 20));
    sites.demand("west", new Request.CreateVolume(SECOND, "v2", 1 << 20));
    for (String group : List.of(FIRST, SECOND)) {
      sites.awaitGroup("west", group, "primary", "healthy");
      sites.awaitGroup("east", group, "mirror", "healthy");
    }
    try (NbdConnection second = connect(sites, "west", "v2")) {
      try (NbdConnection first = connect(sites, "west", "v1")) {
        write(first, "v1", 0, BLOCKS);
      }
      write(second, "v2", 0, BLOCKS / 2);
      sites.demand("east", new Request.Promote(FIRST, false));
      write(second, "v2", BLOCKS / 2, BLOCKS);
      sites.awaitGroup("east", FIRST, "primary", "healthy");
      sites.awaitGroup("west", FIRST, "mirror", "healthy");
      sites.awaitGroup("west", SECOND, "primary", "healthy");
      sites.awaitGroup("east", SECOND, "mirror", "healthy");
      verify(second, "v2", BLOCKS);
    }
    try (NbdConnection first = connect(sites, "east", "v1")) {
      verify(first, "v1", BLOCKS);
      write(first, "v1", 0, 1);
    }
    assertEquals(0, sites.run("status").exitCode());
  }

  /** Both copies of what says where everything is: nothing can be guessed from the rest. */
  private static void damage(Path group) throws IOException {
    Path superblock = group.resolve("superblock");
    Files.write(superblock, new byte[(int) Files.size(superblock)]);
  }

  private static void theDamagedOneIsLeftOut(Demonstration sites, CommandProcess west)
      throws Exception {
    sites.awaitGroup("west", FIRST, "mirror", "healthy");
    JsonNode damaged = sites.group("west", SECOND);
    assertEquals("failed", damaged.path("health").asText());
    assertEquals("none", damaged.path("role").asText());
    assertTrue(damaged.path("why").asText().contains("could not be opened: "), damaged.toString());
    assertTrue(damaged.path("action").asText().contains("mirror-agent promote " + SECOND));
    CommandProcess status = sites.run("status");
    assertEquals(NOT_HEALTHY, status.exitCode(), status.output());
    assertTrue(status.output().contains("health: failed"), status.output());
    try (NbdConnection first = connect(sites, "west", "v1")) {
      verify(first, "v1", BLOCKS);
    }
    assertThrows(IOException.class, () -> connect(sites, "west", "v2"));
    assertThrows(IOException.class, () -> connect(sites, "west", ""), "v1 is not the only volume");
    west.awaitOutput("export 'v2' is refused; if it is a volume of it: group " + SECOND);
    for (Request request :
        List.of(
            new Request.Promote(SECOND, true),
            new Request.CreateVolume(SECOND, "v3", 1 << 20),
            new Request.RemoveVolume(SECOND, "v2"))) {
      assertEquals(Answer.Reason.WRONG_STATE, refused(sites.ask("west", request)));
    }
  }

  private static Answer.Reason refused(Answer<JsonNode> answer) {
    return switch (answer) {
      case Answer.Given<JsonNode> given -> throw new AssertionError(given.toString());
      case Answer.Refused<JsonNode>(Answer.Reason reason, String text) -> {
        assertTrue(text.contains("could not be opened"), text);
        yield reason;
      }
    };
  }

  /** What the damaged site had is at the other one, which is told why west does not follow. */
  private static void takeOverTheSecond(Demonstration sites) throws Exception {
    sites.demand("east", new Request.Promote(SECOND, true));
    try (NbdConnection second = connect(sites, "east", "v2")) {
      verify(second, "v2", BLOCKS);
    }
    sites.awaitGroup("east", FIRST, "primary", "healthy");
    sites.awaitNote("east", SECOND, "refused: group other could not be opened at this site");
  }
}
