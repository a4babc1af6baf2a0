package dev.farshore.tests.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.farshore.agent.control.Answer;
import dev.farshore.agent.control.ControlClient;
import dev.farshore.agent.control.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A site as a user runs it: {@code mirror-agent start --config FILE}, in a process of its own, with
 * a configuration that is written for it. Its volumes are served on a Unix socket.
 */
final class Agent implements AutoCloseable {
  /** Where the repository's commands are. */
  private static final Path ROOT = Path.of(System.getProperty("farshore.root", "."));

  private final Place place;
  private final Path home;
  private final Child process;

  /**
   * One of two sites.
   *
   * @param port of its link, on the loopback
   * @param nbdPort where it serves volumes besides its Unix socket
   * @param peerPort where it looks for the other site
   */
  record Place(
      String name, int number, int port, int nbdPort, String peer, int peerNumber, int peerPort) {

    /**
     * The site that leads at first.
     *
     * @param peerPort where it looks for the other site
     */
    static Place first(String name, int peerPort) throws IOException {
      return new Place(name, 1, freePort(), freePort(), "east", 2, peerPort);
    }

    /** The site at the other end of the link, which looks for this one at {@code westPort}. */
    Place other(int port, int westPort) throws IOException {
      return new Place(peer, peerNumber, port, freePort(), name, number, westPort);
    }
  }

  /** What the sites are configured with beyond their names and addresses. */
  record Settings(String link, List<Group> groups) {}

  /** A group, and lines of its table. */
  record Group(String name, String lines) {}

  private Agent(Place place, Path home, Child process) {
    this.place = place;
    this.home = home;
    this.process = process;
  }

  /** Starts a site in a new directory, and waits until it answers. */
  static Agent start(Path directory, Place place, Settings settings) throws IOException {
    Path home = Files.createDirectories(directory.resolve(place.name()));
    Path config = home.resolve("farshore.toml");
    Files.writeString(config, configuration(place, settings));
    List<String> command =
        List.of(command("mirror-agent", "mirror-agent"), "start", "--config", config.toString());
    Agent agent =
        new Agent(place, home, new Child(place.name(), home.resolve("output.txt"), command));
    agent.process.await("its control socket", () -> ControlClient.answers(agent.control()));
    return agent;
  }

  static String command(String module, String name) {
    return ROOT.resolve(module).resolve("bin").resolve(name).toString();
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String configuration(Place place, Settings settings) {
    StringBuilder text =
        new StringBuilder(
            """
            [site]
            name = "%s"
            number = %d
            data = "data"
            listen = "127.0.0.1:%d"

            [nbd]
            listen = ["unix:nbd.sock", "127.0.0.1:%d"]

            [[peer]]
            name = "%s"
            number = %d
            address = "127.0.0.1:%d"

            [link]
            %s
            """
                .formatted(
                    place.name(),
                    place.number(),
                    place.port(),
                    place.nbdPort(),
                    place.peer(),
                    place.peerNumber(),
                    place.peerPort(),
                    settings.link()));
    for (Group group : settings.groups()) {
      text.append(
          """

          [[group]]
          name = "%s"
          peer = "%s"
          first-primary = "%s"
          %s
          """
              .formatted(
                  group.name(),
                  place.peer(),
                  place.number() == 1 ? place.name() : place.peer(),
                  group.lines()));
    }
    return text.toString();
  }

  private Path control() {
    return home.resolve("data/control.sock");
  }

  /** Where the volumes are served. */
  Path exports() {
    return home.resolve("nbd.sock");
  }

  /** Where the volumes are served to clients that speak TCP only. */
  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), place.nbdPort());
  }

  Child process() {
    return process;
  }

  /** What status says of a group. */
  JsonNode group(String group) throws IOException {
    JsonNode site = ask(new Request.Status()).path("status");
    for (JsonNode found : site.path("groups")) {
      if (found.path("name").asText().equals(group)) {
        return found;
      }
    }
    throw new IOException("site " + place.name() + " does not know group " + group + ": " + site);
  }

  void awaitHealth(String group, String health) throws IOException {
    process.await(
        "group " + group + " is " + health,
        () -> group(group).path("health").asText().equals(health));
  }

  void createVolume(String group, String volume, long bytes) throws IOException {
    process.await("serving group " + group, () -> isServed(group));
    ask(new Request.CreateVolume(group, volume, bytes));
  }

  private boolean isServed(String group) throws IOException {
    JsonNode now = group(group);
    return now.path("role").asText().equals("primary")
        && !now.path("health").asText().equals("starting");
  }

  private JsonNode ask(Request request) throws IOException {
    try (ControlClient client = ControlClient.connect(control())) {
      return switch (client.ask(request, text -> {})) {
        case Answer.Given<JsonNode>(JsonNode result) -> result;
        case Answer.Refused<JsonNode> refused ->
            throw new IOException("site " + place.name() + ": " + refused);
      };
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
