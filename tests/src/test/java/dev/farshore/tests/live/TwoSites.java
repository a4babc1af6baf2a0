package dev.farshore.tests.live;

import dev.farshore.emulab.testbed.live.client.NbdConnection;
import dev.farshore.emulab.wan.ControlSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A primary "west", a mirror "east", and the emulated WAN from west to east, each a process; under
 * one directory, on free ports of the loopback.
 */
final class TwoSites implements AutoCloseable {
  static final String GROUP = "g";
  static final String VOLUME = "v";
  private static final String AGENT = "dev.farshore.agent.command.MirrorAgent";
  private static final String EMULAB = "dev.farshore.emulab.command.Emulab";

  private final Path directory;
  private final int westLink = freePort();
  private final int eastLink = freePort();
  private final int wanPort = freePort();
  private final int westNbd = freePort();
  private final int eastNbd = freePort();
  private Optional<ChildJvm> west = Optional.empty();
  private Optional<ChildJvm> east = Optional.empty();
  private Optional<ChildJvm> wan = Optional.empty();

  TwoSites(Path directory) throws IOException {
    this.directory = directory;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  Path directory() {
    return directory;
  }

  /** Starts the WAN with more options of {@code emulab wan}. */
  void startWan(String... conditions) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add("wan");
    arguments.addAll(List.of("--listen", "127.0.0.1:" + wanPort, "--to", "127.0.0.1:" + eastLink));
    arguments.addAll(List.of("--control", wanControl().toString()));
    arguments.addAll(List.of(conditions));
    wan = Optional.of(new ChildJvm("wan", EMULAB, arguments));
  }

  private Path wanControl() {
    return directory.resolve("wan.sock");
  }

  /** Gives the WAN an order, and waits for the answer. */
  String orderWan(String order) throws IOException {
    return ControlSocket.ask(wanControl(), order);
  }

  /**
   * @param group further lines of the group's configuration
   * @param link lines of the link's configuration
   */
  void startWest(String group, String link) throws IOException {
    west = Optional.of(start("west", 1, westLink, westNbd, "east", 2, wanPort, group, link));
  }

  void startEast(String group, String link) throws IOException {
    east = Optional.of(start("east", 2, eastLink, eastNbd, "west", 1, westLink, group, link));
  }

  private ChildJvm start(
      String name,
      int number,
      int linkPort,
      int nbdPort,
      String peer,
      int peerNumber,
      int peerPort,
      String group,
      String link)
      throws IOException {
    Path home = Files.createDirectories(directory.resolve(name));
    Path config = home.resolve("farshore.toml");
    Files.writeString(
        config,
        """
        [site]
        name = "%s"
        number = %d
        data = "data"
        listen = "127.0.0.1:%d"

        [nbd]
        listen = ["127.0.0.1:%d"]

        [[peer]]
        name = "%s"
        number = %d
        address = "127.0.0.1:%d"

        [link]
        %s

        [[group]]
        name = "%s"
        peer = "%s"
        first-primary = "west"
        %s
        """
            .formatted(
                name,
                number,
                linkPort,
                nbdPort,
                peer,
                peerNumber,
                peerPort,
                link,
                GROUP,
                peer,
                group));
    return new ChildJvm(name, AGENT, List.of("start", "--config", config.toString()));
  }

  /** Runs a command of the agent for a site and waits for its end. */
  ChildJvm command(String site, String... command) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of("--config", directory.resolve(site + "/farshore.toml").toString()));
    ChildJvm child = new ChildJvm("mirror-agent " + command[0], AGENT, arguments);
    child.await(120);
    return child;
  }

  /** Runs a command again and again until it succeeds. */
  void commandEventually(String site, String... command) throws Exception {
    Eventually.get(
        String.join(" ", command),
        () -> {
          ChildJvm child = command(site, command);
          if (child.await(1) != 0) {
            throw new AssertionError(child.output());
          }
          return child;
        },
        this::output);
  }

  InetSocketAddress westExports() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), westNbd);
  }

  InetSocketAddress eastExports() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), eastNbd);
  }

  /** Connects as soon as the export is there. */
  NbdConnection connect(InetSocketAddress exports) throws Exception {
    return Eventually.get(
        "export " + VOLUME, () -> new NbdConnection(exports, VOLUME), this::output);
  }

  ChildJvm west() {
    return west.orElseThrow();
  }

  ChildJvm east() {
    return east.orElseThrow();
  }

  String output() {
    StringBuilder text = new StringBuilder();
    west.ifPresent(c -> text.append(c.output()).append('\n'));
    east.ifPresent(c -> text.append(c.output()).append('\n'));
    wan.ifPresent(c -> text.append(c.output()).append('\n'));
    return text.toString();
  }

  @Override
  public void close() {
    west.ifPresent(ChildJvm::close);
    east.ifPresent(ChildJvm::close);
    wan.ifPresent(ChildJvm::close);
  }
}
