package dev.farshore.tests.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.farshore.emulab.testbed.live.client.AckJournal;
import dev.farshore.emulab.testbed.live.client.JournalingWriter;
import dev.farshore.emulab.testbed.live.client.NbdConnection;
import dev.farshore.link.model.Bottleneck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The main job once, with everything real but the wide-area wire: a client that keeps a journal
 * fills a lossy WAN of 50 ms round trip; the entrance of the link is closed, the primary killed
 * with -9, the mirror promoted, and every write whose reply the client had is looked for there.
 */
final class LiveDisaster {
  /** Share of the link's configured rate that the client must have kept busy. */
  static final double UTILISATION = 0.7;

  private static final int BLOCK_BYTES = 4096;
  private static final int BLOCKS = 16 << 10;
  private static final int DEPTH = 512;
  private static final long WARM_UP_WRITES = 1000;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** How the wire loses packets; 1 % either way. */
  enum Loss {
    INDEPENDENT("--loss=1%", "--burst=1"),
    /** Outages as long as the link's {@code burst}, which covered data survives. */
    BURSTS("--loss=1%", "--burst=1ms", "--burst-gap=10ms");

    private final List<String> options;

    Loss(String... options) {
      this.options = List.of(options);
    }
  }

  /**
   * @param mode of the group, as configured
   * @param rateBits configured rate of the link, bits a second; the wire has a quarter more
   * @param writes to be acknowledged while the link is watched
   */
  record Terms(Loss loss, String mode, long rateBits, long writes, int seed) {}

  /**
   * @param utilisation share of the configured rate that entered the wire while the client wrote
   * @param acknowledged writes that the client had replies to before the entrance was closed
   * @param offered datagrams from the primary's site
   * @param lost of them on the wire
   * @param inFlight on the wire when its entrance was closed
   * @param wrong one line for each block at the promoted mirror that is not what it must be
   */
  record Figures(
      Terms terms,
      double utilisation,
      long acknowledged,
      long offered,
      long lost,
      long inFlight,
      List<String> wrong) {

    boolean busy() {
      return utilisation >= UTILISATION;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%-11s %s seed %d: rate %.1f Mbit/s, used %.0f %%, %d of %d datagrams lost, %d in flight"
              + " at the end, %d acknowledged writes, %s",
          terms.loss().name().toLowerCase(Locale.ROOT),
          terms.mode(),
          terms.seed(),
          terms.rateBits() / 1e6,
          100 * utilisation,
          lost,
          offered,
          inFlight,
          acknowledged,
          wrong.isEmpty() ? "none missing" : wrong.size() + " MISSING");
    }
  }

  /** What the wire has seen of the primary's datagrams. */
  private record WireCount(long nanos, long bytes, long offered, long lost, long inFlight) {}

  private LiveDisaster() {}

  /**
   * @param directory that does not exist yet; holds both sites
   */
  static Figures run(Path directory, Terms terms) throws Exception {
    try (TwoSites sites = new TwoSites(Files.createDirectories(directory))) {
      start(sites, terms);
      AckJournal journal = new AckJournal(terms.seed() + 1, BLOCKS, BLOCK_BYTES);
      JournalingWriter writer =
          new JournalingWriter(journal, sites.westExports(), TwoSites.VOLUME, DEPTH, terms.seed());
      writer.start();
      awaitWrites(WARM_UP_WRITES, journal, writer, sites);
      WireCount begun = count(sites);
      awaitWrites(WARM_UP_WRITES + terms.writes(), journal, writer, sites);
      WireCount done = count(sites);
      // The site dies: from here on nothing that it sends enters the link.
      journal.freeze();
      sites.orderWan("close-entrance");
      WireCount last = count(sites);
      sites.west().kill();
      writer.awaitEnd();
      sites.commandEventually("east", "promote", TwoSites.GROUP);
      try (NbdConnection promoted = sites.connect(sites.eastExports())) {
        return new Figures(
            terms,
            (done.bytes() - begun.bytes())
                * 8e9
                / (done.nanos() - begun.nanos())
                / terms.rateBits(),
            journal.acknowledgedWrites(),
            done.offered(),
            done.lost(),
            last.inFlight(),
            journal.verify(promoted));
      }
    }
  }

  private static void start(TwoSites sites, Terms terms) throws Exception {
    List<String> wire = new ArrayList<>(terms.loss().options);
    wire.add("--delay=25ms");
    wire.add("--rate=" + terms.rateBits() / 1000 * 5 / 4 + "kbit");
    wire.add("--seed=" + terms.seed());
    sites.startWan(wire.toArray(String[]::new));
    String group =
        "mode = \"%s\"\nsegment = \"16MiB\"\ndrain = \"500ms\"\nstart-wait = \"5s\""
            .formatted(terms.mode());
    String link = "rate = \"" + terms.rateBits() / 1000 + "kbit\"";
    sites.startEast(group, link);
    sites.startWest(group, link);
    sites.commandEventually("west", "volume", "create", TwoSites.VOLUME, "--size", "64MiB");
    sites.connect(sites.westExports()).close();
  }

  private static void awaitWrites(
      long writes, AckJournal journal, JournalingWriter writer, TwoSites sites) throws Exception {
    Eventually.get(
        writes + " acknowledged writes",
        () -> {
          if (journal.acknowledgedWrites() < writes) {
            throw new AssertionError(journal.acknowledgedWrites() + " writes");
          }
          return journal;
        },
        () -> writer.ended() + "\n" + sites.output());
  }

  private static WireCount count(TwoSites sites) throws IOException {
    JsonNode forward = JSON.readTree(sites.orderWan("stats json")).path("forward");
    long packets = forward.path("offeredPackets").asLong();
    return new WireCount(
        System.nanoTime(),
        forward.path("offeredBytes").asLong() + packets * Bottleneck.UDP_HEADER_BYTES,
        packets,
        packets - forward.path("passedPackets").asLong(),
        forward.path("inFlightPackets").asLong());
  }
}
