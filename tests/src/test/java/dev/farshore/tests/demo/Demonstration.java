package dev.farshore.tests.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.farshore.agent.config.DemoConfig;
import dev.farshore.agent.control.Answer;
import dev.farshore.agent.control.ControlClient;
import dev.farshore.agent.control.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What {@code start} without a configuration runs, in a directory and on ports of its own, and at a
 * Unix socket of each site besides. It asks the sites without a process of its own for it.
 */
public final class Demonstration {
  private static final long PATIENCE_SECONDS = 100;
  private static final long PAUSE_MILLIS = 20;

  private final Path directory;
  private final List<Integer> ports;

  /**
   * Writes the two configurations.
   *
   * @param directory that exists; the current directory of the commands
   */
  public Demonstration(Path directory) throws IOException {
    this.directory = directory;
    this.ports = freePorts(4);
    for (String site : DemoConfig.SITES) {
      Files.createDirectories(home(site));
      String text =
          DemoConfig.text(site)
              .replace("127.0.0.1:10809\"", "127.0.0.1:10809\", \"unix:nbd.sock\"")
              .replace("127.0.0.1:10810\"", "127.0.0.1:10810\", \"unix:nbd.sock\"")
              .replace("10809", "" + ports.get(0))
              .replace("10810", "" + ports.get(1))
              .replace("7601", "" + ports.get(2))
              .replace("7602", "" + ports.get(3));
      // Folding is at work in tests that are over in a second, too.
      Files.writeString(home(site).resolve("farshore.toml"), text + "fold-delay = \"300ms\"\n");
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

  /** Directory of a site: its configuration, log and data. */
  public Path home(String site) {
    return directory.resolve("farshore-demo").resolve(site);
  }

  public int nbdPort(String site) {
    return ports.get(DemoConfig.SITES.indexOf(site));
  }

  public InetSocketAddress nbd(String site) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), nbdPort(site));
  }

  public String uri(String site, String volume) {
    return "nbd://localhost:" + nbdPort(site) + "/" + volume;
  }

  public String unixUri(String site, String volume) {
    return "nbd+unix:///" + volume + "?socket=" + home(site).resolve("nbd.sock");
  }

  /** Gives both sites another group, which west leads first. */
  void addGroup(String name) throws IOException {
    for (String site : DemoConfig.SITES) {
      String peer = DemoConfig.SITES.get(1 - DemoConfig.SITES.indexOf(site));
      String group =
          """

          [[group]]
          name = "%s"
          peer = "%s"
          first-primary = "west"
          mode = "network"
          start-wait = "5s"
          fold-delay = "300ms"
          """;
      Files.writeString(
          home(site).resolve("farshore.toml"),
          group.formatted(name, peer),
          StandardOpenOption.APPEND);
    }
  }

  /** Starts one site alone, and waits until it is up. */
  CommandProcess startSite(String site) throws IOException, InterruptedException {
    CommandProcess started = new CommandProcess(home(site), "start", "--config", "farshore.toml");
    started.awaitOutput("site " + site + " is up");
    return started;
  }

  /** The status of one of a site's groups. */
  JsonNode group(String site, String name) throws IOException {
    for (JsonNode group : status(site).path("groups")) {
      if (group.path("name").asText().equals(name)) {
        return group;
      }
    }
    throw new AssertionError("site " + site + " has no group " + name);
  }

  /** Waits until one of a site's groups has this role and this health. */
  void awaitGroup(String site, String name, String role, String health)
      throws IOException, InterruptedException {
    await(
        () -> group(site, name),
        site + "/" + name + " is not " + role + ", " + health,
        group ->
            group.path("role").asText().equals(role)
                && group.path("health").asText().equals(health));
  }

  /** Waits until a note of one of a site's groups says something. */
  void awaitNote(String site, String name, String text) throws IOException, InterruptedException {
    await(
        () -> group(site, name),
        site + "/" + name + " does not say " + text,
        group -> group.path("notes").toString().contains(text));
  }

  /** Begins to start it. */
  CommandProcess begin() throws IOException {
    return new CommandProcess(directory, "start");
  }

  /** Starts it, and waits until it serves. */
  public CommandProcess start() throws IOException, InterruptedException {
    CommandProcess start = begin();
    start.awaitOutput("end all of it");
    return start;
  }

  /** Runs a command to its end. */
  public CommandProcess run(String... arguments) throws IOException, InterruptedException {
    CommandProcess command = new CommandProcess(directory, arguments);
    command.exitCode();
    return command;
  }

  public Answer<JsonNode> ask(String site, Request request) throws IOException {
    try (ControlClient client = ControlClient.connect(home(site).resolve("data/control.sock"))) {
      return client.ask(request, text -> {});
    }
  }

  /** Asks for something that must not be refused. */
  public JsonNode demand(String site, Request request) throws IOException {
    return switch (ask(site, request)) {
      case Answer.Given<JsonNode>(JsonNode result) -> result;
      case Answer.Refused<JsonNode> refused -> throw new AssertionError(refused.toString());
    };
  }

  public JsonNode status(String site) throws IOException {
    return demand(site, new Request.Status()).path("status");
  }

  public JsonNode group(String site) throws IOException {
    return status(site).path("groups").path(0);
  }

  public long pid(String site) throws IOException {
    return status(site).path("pid").asLong();
  }

  public void createVolume(String name, long sizeBytes) throws IOException {
    demand("west", new Request.CreateVolume(DemoConfig.GROUP, name, sizeBytes));
  }

  /** Waits until a site's group has this role and this health. */
  public void awaitGroup(String site, String role, String health)
      throws IOException, InterruptedException {
    await(
        site,
        role + ", " + health,
        group ->
            group.path("role").asText().equals(role)
                && group.path("health").asText().equals(health));
  }

  /** Waits until the mirror has made durable what the primary has in its log. */
  public void awaitMirrored(String primary) throws IOException, InterruptedException {
    await(
        primary,
        "mirrored up to its end",
        group -> {
          JsonNode marks = group.path("watermarks");
          return marks.path("mirrored").asLong() >= marks.path("appended").asLong();
        });
  }

  /** Waits until the fold has made a file of a size among a site's base images. */
  public void awaitImage(String site, long bytes) throws IOException, InterruptedException {
    Path images = home(site).resolve("data/groups").resolve(DemoConfig.GROUP);
    await(site, "as far as an image of " + bytes + " bytes", group -> holds(images, bytes));
  }

  private static boolean holds(Path images, long bytes) {
    try (Stream<Path> files = Files.list(images)) {
      return files.anyMatch(file -> file.toFile().length() == bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void await(String site, String what, Predicate<JsonNode> condition)
      throws IOException, InterruptedException {
    await(() -> group(site), "site " + site + " is not " + what, condition);
  }

  /** Asks a running site for something. */
  @FunctionalInterface
  private interface Question {
    JsonNode ask() throws IOException;
  }

  private static void await(Question question, String failure, Predicate<JsonNode> condition)
      throws IOException, InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    JsonNode group;
    do {
      group = question.ask();
      if (condition.test(group)) {
        return;
      }
    } while (System.nanoTime() - deadline < 0 && !never.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
    throw new AssertionError(failure + ": " + group);
  }

  /** SIGKILL to both sites and to the process that started them, as close together as can be. */
  public void killAll(CommandProcess start) throws IOException, InterruptedException {
    List<ProcessHandle> sites = new ArrayList<>();
    for (String site : DemoConfig.SITES) {
      ProcessHandle.of(pid(site)).ifPresent(sites::add);
    }
    sites.forEach(ProcessHandle::destroyForcibly);
    start.kill();
    sites.forEach(Demonstration::awaitEnd);
  }

  static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    awaitEnd(pid);
  }

  static void awaitEnd(long pid) {
    ProcessHandle.of(pid).ifPresent(Demonstration::awaitEnd);
  }

  private static void awaitEnd(ProcessHandle process) {
    process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }
}
