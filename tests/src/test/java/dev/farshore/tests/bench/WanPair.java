package dev.farshore.tests.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Two agents and the emulated WAN between them, each a process, with some groups in common. */
final class WanPair implements AutoCloseable {
  static final String VOLUME = "v-";
  private static final long VOLUME_BYTES = 64L << 20;

  private final Child wan;
  private final Agent west;
  private final Agent east;

  private WanPair(Child wan, Agent west, Agent east) {
    this.wan = wan;
    this.west = west;
    this.east = east;
  }

  /**
   * Starts them, makes a volume in each group, and waits until every group is healthy.
   *
   * @param conditions options of {@code emulab wan}
   */
  static WanPair start(Path directory, List<String> conditions, List<Agent.Group> groups)
      throws IOException {
    int eastPort = Agent.freePort();
    Agent.Place place = Agent.Place.first("west", Agent.freePort());
    List<String> command = new ArrayList<>();
    command.addAll(List.of(Agent.command("emulab", "emulab"), "wan"));
    command.addAll(List.of("--listen", "127.0.0.1:" + place.peerPort()));
    command.addAll(List.of("--to", "127.0.0.1:" + eastPort));
    command.addAll(conditions);
    Files.createDirectories(directory);
    Child wan = new Child("wan", directory.resolve("wan.txt"), command);
    Agent.Settings settings = new Agent.Settings("", groups);
    Agent east = Agent.start(directory, place.other(eastPort, place.port()), settings);
    Agent west = Agent.start(directory, place, settings);
    for (Agent.Group group : groups) {
      west.createVolume(group.name(), VOLUME + group.name(), VOLUME_BYTES);
    }
    WanPair pair = new WanPair(wan, west, east);
    for (Agent.Group group : groups) {
      west.awaitHealth(group.name(), "healthy");
    }
    return pair;
  }

  LatencyClient client(String group, long seed) throws IOException {
    return new LatencyClient(west.address(), VOLUME + group, seed);
  }

  /** Waits until the mirror has everything of a group: what is left would cost the next one. */
  void settle(String group) throws IOException {
    west.process()
        .await(
            "the mirror of group " + group + " has everything",
            () -> west.group(group).path("lag").path("records").asLong() == 0);
  }

  /** What the primary's status says of a group's link since its session began. */
  JsonNode wire(String group) throws IOException {
    return west.group(group).path("wire");
  }

  @Override
  public void close() {
    west.close();
    east.close();
    wan.close();
  }
}
