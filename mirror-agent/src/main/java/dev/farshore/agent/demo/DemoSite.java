package dev.farshore.agent.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.farshore.agent.config.Address;
import dev.farshore.agent.config.ConfigException;
import dev.farshore.agent.config.ConfigReader;
import dev.farshore.agent.config.DemoConfig;
import dev.farshore.agent.config.SiteConfig;
import dev.farshore.agent.control.Answer;
import dev.farshore.agent.control.ControlClient;
import dev.farshore.agent.control.Request;
import dev.farshore.agent.site.PortHolder;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One of the demonstration's sites: its directory, and what can be asked of it. */
final class DemoSite {
  private static final int FRAMES_SHOWN = 6;
  private static final int LOG_LINES_SHOWN = 16;

  private final Path directory;
  private final SiteConfig config;

  private DemoSite(Path directory, SiteConfig config) {
    this.directory = directory;
    this.config = config;
  }

  /** Reads the site's configuration, and writes it first if there is none. */
  static DemoSite prepare(Path demo, String name) throws IOException, ConfigException {
    Path directory = demo.resolve(name);
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
    Path file = directory.resolve("farshore.toml");
    if (!Files.exists(file)) {
      Files.writeString(file, DemoConfig.text(name));
    }
    return new DemoSite(directory, ConfigReader.read(file));
  }

  String name() {
    return config.site().name();
  }

  Path configFile() {
    return directory.resolve("farshore.toml");
  }

  Path log() {
    return directory.resolve("agent.log");
  }

  /** Where its volumes are served; 0 if only on Unix sockets. */
  int nbdPort() {
    return config.nbd().listen().stream()
        .filter(Address.Internet.class::isInstance)
        .map(address -> ((Address.Internet) address).port())
        .findFirst()
        .orElse(0);
  }

  boolean answers() {
    return ControlClient.answers(config.site().controlSocket());
  }

  /** Asks the running site; empty if it does not answer or refuses. */
  Optional<JsonNode> ask(Request request) {
    try (ControlClient client = ControlClient.connect(config.site().controlSocket())) {
      return client.ask(request, text -> {}) instanceof Answer.Given<JsonNode>(JsonNode result)
          ? Optional.of(result)
          : Optional.empty();
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** The site's view of the demonstration's group. */
  Optional<JsonNode> group() {
    return ask(new Request.Status())
        .map(answer -> answer.path("status").path("groups").path(0))
        .filter(JsonNode::isObject);
  }

  /** What keeps the site from starting: one line for each port that is taken. */
  List<String> takenPorts() {
    List<String> taken = new ArrayList<>();
    for (Address address : config.nbd().listen()) {
      if (address instanceof Address.Internet internet) {
        checkTcp(internet, "NBD", taken);
      }
    }
    checkTcp(config.site().listen(), "mirroring", taken);
    checkUdp(config.site().listen(), taken);
    return taken;
  }

  private void checkTcp(Address.Internet address, String use, List<String> taken) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address.resolve());
    } catch (IOException e) {
      taken.add(complaint(address, use, e));
    }
  }

  private void checkUdp(Address.Internet address, List<String> taken) {
    InetSocketAddress at = address.resolve();
    try {
      new DatagramSocket(at).close();
    } catch (IOException e) {
      taken.add(complaint(address, "mirroring, UDP", e));
    }
  }

  private String complaint(Address.Internet address, String use, IOException e) {
    return "site "
        + name()
        + ": cannot use "
        + address
        + " ("
        + use
        + "): "
        + e.getMessage()
        + ", "
        + PortHolder.describe(address.port())
        + "; free it, or choose another in "
        + configFile();
  }

  /** The end of the site's log, for people. */
  String logTail() {
    try (Stream<String> lines = Files.lines(log())) {
      List<String> all = withoutDeepFrames(lines.toList());
      return String.join("\n", all.subList(Math.max(0, all.size() - LOG_LINES_SHOWN), all.size()));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  /** What an exception says stands above its frames, and the tail is to show it. */
  private static List<String> withoutDeepFrames(List<String> lines) {
    List<String> kept = new ArrayList<>();
    int frames = 0;
    for (String line : lines) {
      frames = line.startsWith("\tat ") ? frames + 1 : 0;
      if (frames <= FRAMES_SHOWN) {
        kept.add(line);
      }
    }
    return kept;
  }
}
