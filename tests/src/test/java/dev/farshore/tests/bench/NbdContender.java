package dev.farshore.tests.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A server of a volume, on a Unix socket, with its data on the disk under measurement. */
final class NbdContender implements AutoCloseable {
  static final String NBDKIT = "nbdkit file";
  static final String ALONE = "farshore, no mirror";
  static final String MIRRORED = "farshore, mirror";

  private static final String GROUP = "g";
  private static final String VOLUME = "v";
  private static final long QUIET_NANOS = 2_000_000_000L;
  private static final long PAUSE_NANOS = 100_000_000L;

  /** Long before an absent mirror is given up, and short enough that filling the volume does it. */
  private static final String NO_MIRROR =
      """
      mode = "local"
      on-exposure = "degrade"
      quota = "320MiB"
      fold-delay = "1s"
      start-wait = "0s"
      """;

  /** Nothing waits for the mirror, however far it falls behind in a burst. */
  private static final String ATTACHED =
      """
      mode = "local"
      max-at-risk = "64GiB"
      max-at-risk-time = "1h"
      quota = "64GiB"
      fold-delay = "1s"
      """;

  private final String name;
  private final String uri;
  private final Child server;
  private final Optional<Agent> agent;
  private final Optional<Agent> mirror;

  private NbdContender(
      String name, String uri, Child server, Optional<Agent> agent, Optional<Agent> mirror) {
    this.name = name;
    this.uri = uri;
    this.server = server;
    this.agent = agent;
    this.mirror = mirror;
  }

  /** nbdkit with its file plugin, as it comes: it writes to the page cache and forces on flush. */
  static NbdContender nbdkit(Path directory, long bytes) throws IOException {
    Path home = Files.createDirectories(directory.resolve("nbdkit"));
    Path file = home.resolve("volume.img");
    try (RandomAccessFile volume = new RandomAccessFile(file.toFile(), "rw")) {
      volume.setLength(bytes);
    }
    Path socket = home.resolve("nbd.sock");
    Child child =
        new Child(
            NBDKIT,
            home.resolve("output.txt"),
            List.of("nbdkit", "-f", "-U", socket.toString(), "file", file.toString()));
    child.await("its socket", () -> Files.exists(socket));
    return new NbdContender(
        NBDKIT, "nbd+unix:///?socket=" + socket, child, Optional.empty(), Optional.empty());
  }

  /** An agent whose mirror never comes: it is given up while the volume is filled. */
  static NbdContender alone(Path directory, long bytes) throws IOException {
    Agent agent =
        Agent.start(
            directory, Agent.Place.first("alone", Agent.freePort()), settings("", NO_MIRROR));
    return of(ALONE, agent, Optional.empty(), bytes);
  }

  /** Two agents and a link that the loopback carries as fast as they can. */
  static NbdContender mirrored(Path directory, long bytes) throws IOException {
    Agent.Place west = Agent.Place.first("west", Agent.freePort());
    Agent.Settings settings = settings("rate = \"10Gbit\"", ATTACHED);
    Agent mirror = Agent.start(directory, west.other(west.peerPort(), west.port()), settings);
    return of(MIRRORED, Agent.start(directory, west, settings), Optional.of(mirror), bytes);
  }

  private static Agent.Settings settings(String link, String group) {
    return new Agent.Settings(link, List.of(new Agent.Group(GROUP, group)));
  }

  private static NbdContender of(String name, Agent agent, Optional<Agent> mirror, long bytes)
      throws IOException {
    agent.createVolume(GROUP, VOLUME, bytes);
    String uri = "nbd+unix:///" + VOLUME + "?socket=" + agent.exports();
    return new NbdContender(name, uri, agent.process(), Optional.of(agent), mirror);
  }

  String name() {
    return name;
  }

  String uri() {
    return uri;
  }

  ProcessIo io() throws IOException {
    return ProcessIo.of(server.pid());
  }

  /** After the volume was filled: a mirror that never came is given up by now, another has all. */
  void filled() throws IOException {
    settle();
    if (agent.isPresent()) {
      agent.get().awaitHealth(GROUP, mirror.isPresent() ? "healthy" : "unprotected");
    }
  }

  /** Bytes that the mirror has not confirmed. */
  long behindBytes() throws IOException {
    return mirror.isEmpty()
        ? 0
        : agent.orElseThrow().group(GROUP).path("lag").path("bytes").asLong();
  }

  /** Waits until it has ended what it does in the background, and the disk has what it wrote. */
  void settle() throws IOException {
    long since = System.nanoTime();
    long behind = behindBytes();
    ProcessIo before = io();
    while (behind > 0 || System.nanoTime() - since < QUIET_NANOS) {
      LockSupport.parkNanos(PAUSE_NANOS);
      ProcessIo now = io();
      long stillBehind = behindBytes();
      if (now.dirtiedBytes() != before.dirtiedBytes() || stillBehind != behind) {
        since = System.nanoTime();
      }
      before = now;
      behind = stillBehind;
    }
  }

  @Override
  public void close() {
    server.close();
    mirror.ifPresent(Agent::close);
  }
}
