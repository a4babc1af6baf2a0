package dev.farshore.tests.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.tests.client.AckJournal;
import dev.farshore.tests.client.JournalingWriter;
import dev.farshore.tests.client.NbdConnection;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The main job, with everything real but the wide-area wire: writers, a lossy WAN of 50 ms round
 * trip, the entrance of the link closed, kill -9 of the primary, promotion of the mirror; every
 * write whose reply the client had is there.
 */
@Tag("live")
final class LiveDisasterTest {
  private static final int ROUNDS = Integer.getInteger("live.rounds", 1);
  private static final long WRITES = Long.getLong("live.writes", 2000);
  private static final int BLOCK_BYTES = 4096;
  private static final int BLOCKS = 16 << 10;
  private static final int DEPTH = 64;
  private static final String RATE = "100Mbit";

  @ParameterizedTest
  @ValueSource(strings = {"--loss=1% --burst=1", "--loss=1% --burst=1ms --burst-gap=10ms"})
  void everyAcknowledgedWriteSurvivesThePrimary(String loss, @TempDir Path directory)
      throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      try (TwoSites sites = new TwoSites(directory.resolve("round-" + round))) {
        disaster(sites, loss, round);
      }
    }
  }

  private void disaster(TwoSites sites, String loss, int round) throws Exception {
    java.nio.file.Files.createDirectories(sites.directory());
    String[] conditions = ("--delay=25ms --rate=1Gbit --seed=" + round + " " + loss).split(" ");
    sites.startWan(conditions);
    String group =
        "mode = \"network\"\nsegment = \"16MiB\"\ndrain = \"500ms\"\nstart-wait = \"5s\"";
    String link = "rate = \"" + RATE + "\"";
    sites.startEast(group, link);
    sites.startWest(group, link);
    sites.commandEventually("west", "volume", "create", TwoSites.VOLUME, "--size", "64MiB");
    AckJournal journal = new AckJournal(round + 1, BLOCKS, BLOCK_BYTES);
    sites.connect(sites.westExports()).close();
    JournalingWriter writer =
        new JournalingWriter(journal, sites.westExports(), TwoSites.VOLUME, DEPTH, round);
    writer.start();
    Eventually.get(
        WRITES + " acknowledged writes",
        () -> {
          assertTrue(journal.acknowledgedWrites() >= WRITES);
          return journal;
        },
        () -> writer.ended() + "\n" + sites.output());
    // The site dies: from here on nothing that it sends enters the link.
    journal.freeze();
    sites.orderWan("close-entrance");
    sites.west().kill();
    writer.awaitEnd();
    sites.commandEventually("east", "promote", TwoSites.GROUP);
    try (NbdConnection promoted = sites.connect(sites.eastExports())) {
      assertEquals(List.of(), journal.verify(promoted), sites::output);
    }
  }
}
