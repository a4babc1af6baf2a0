package dev.farshore.emulab.testbed.live;

import com.fasterxml.jackson.databind.JsonNode;
import dev.farshore.agent.control.Answer;
import dev.farshore.agent.control.ControlClient;
import dev.farshore.agent.control.Request;
import dev.farshore.emulab.testbed.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.locks.LockSupport;

/** A running site: {@code mirror-agent start --config FILE}. */
final class Agent {
  private static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final long PAUSE_NANOS = 20_000_000L;
  private static final int HEAP_MEBIBYTES = 1024;
  private static final int GROUP_MEBIBYTES = 64;

  private final SiteFiles files;
  private final Child process;

  private Agent(SiteFiles files, Child process) {
    this.files = files;
    this.process = process;
  }

  /** Starts it, in a new directory; does not wait until it answers. */
  static Agent start(Ground ground, SiteFiles files, Trial trial) throws IOException {
    Files.createDirectories(files.home());
    Files.writeString(files.configuration(), files.text(trial));
    int heap = HEAP_MEBIBYTES + GROUP_MEBIBYTES * trial.load().groups();
    return new Agent(files, ground.start(files, heap));
  }

  SiteFiles files() {
    return files;
  }

  long pid() {
    return process.pid();
  }

  void kill() {
    process.kill();
  }

  /** Something that will be so. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws IOException;
  }

  /**
   * Waits until something is so.
   *
   * @throws IOException if the process has ended, or it takes more than a minute
   */
  void await(String what, Condition condition) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    while (!condition.holds()) {
      boolean late = System.nanoTime() - begun > PATIENCE_NANOS;
      if (late || !process.isAlive()) {
        String why = late ? "takes too long" : "has ended";
        throw new IOException(why + " before " + what + "; " + process.lastWords());
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  void awaitAnswer() throws IOException, InterruptedException {
    await("it answers", () -> ControlClient.answers(files.control()));
  }

  /** A connection for many questions. */
  ControlClient connect() throws IOException {
    return ControlClient.connect(files.control());
  }

  JsonNode ask(Request request) throws IOException {
    try (ControlClient client = connect()) {
      return ask(client, request);
    }
  }

  static JsonNode ask(ControlClient client, Request request) throws IOException {
    return switch (client.ask(request, text -> {})) {
      case Answer.Given<JsonNode>(JsonNode result) -> result;
      case Answer.Refused<JsonNode>(Answer.Reason reason, String text) ->
          throw new RefusedException(reason.word() + ": " + text);
    };
  }

  /** The site did not do it. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private RefusedException(String text) {
      super(text);
    }
  }

  /** Makes the volume of a group as soon as the group is served. */
  void createVolume(int group, long bytes) throws IOException, InterruptedException {
    Request create =
        new Request.CreateVolume(SiteFiles.group(group), SiteFiles.volume(group), bytes);
    await("volume " + SiteFiles.volume(group), () -> isDone(create));
  }

  void awaitHealthy(int groups) throws IOException, InterruptedException {
    await("every group is healthy", () -> isHealthy(groups));
  }

  private boolean isHealthy(int groups) throws IOException {
    JsonNode found = ask(new Request.Status()).path("status").path("groups");
    int healthy = 0;
    for (JsonNode group : found) {
      if (group.path("health").asText().equals("healthy")) {
        healthy++;
      }
    }
    return healthy == groups;
  }

  /** Takes over a group; tries until the other site is known to be gone. */
  void promote(int group) throws IOException, InterruptedException {
    Request promote = new Request.Promote(SiteFiles.group(group), false);
    await("group " + SiteFiles.group(group) + " is promoted", () -> isDone(promote));
  }

  private boolean isDone(Request request) throws IOException {
    try {
      ask(request);
      return true;
    } catch (RefusedException notYet) {
      return false;
    }
  }
}
