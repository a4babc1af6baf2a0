package dev.farshore.agent.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.farshore.agent.config.ConfigException;
import dev.farshore.agent.config.DemoConfig;
import dev.farshore.agent.control.Request;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Runs the demonstration: starts the sites that do not run yet, says what to try, tells what
 * happens to them, and ends when they have ended. Owned by one thread; {@link #stop} may be called
 * on any.
 */
public final class Demo {
  private static final long READY_SECONDS = 120;
  private static final long END_SECONDS = 60;

  private final Path directory;
  private final String mainClass;
  private final DemoHints hints;
  private final PrintWriter out;
  private final List<DemoSite> sites = new ArrayList<>();
  private final List<SiteChild> children = new ArrayList<>();
  private final Map<String, String> lastTold = new HashMap<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  /** How the demonstration ended, or that it did not begin. */
  public enum Outcome {
    /** Both sites ended cleanly. */
    ENDED,
    /** A site ended in another way. */
    FAILED,
    /** Both sites run already. */
    RUNNING
  }

  /**
   * @param mainClass of the command line, for the children
   * @param command how the command line was called, for the advice
   * @param out takes what people are told
   */
  public Demo(Path directory, String mainClass, String command, PrintWriter out) {
    this.directory = directory;
    this.mainClass = mainClass;
    this.hints = new DemoHints(command, directory);
    this.out = out;
  }

  /** Runs until both sites have ended. */
  public Outcome run() throws IOException, ConfigException, InterruptedException {
    try {
      for (String name : DemoConfig.SITES) {
        sites.add(DemoSite.prepare(directory, name));
      }
      List<DemoSite> absent = sites.stream().filter(site -> !site.answers()).toList();
      if (absent.isEmpty()) {
        say("the demonstration in " + directory + " runs already; see " + hints.status());
        return Outcome.RUNNING;
      }
      List<String> taken = absent.stream().flatMap(s -> s.takenPorts().stream()).toList();
      if (!taken.isEmpty()) {
        taken.forEach(this::say);
        return Outcome.FAILED;
      }
      for (DemoSite site : absent) {
        startChild(site);
      }
      return awaitReady() ? watch() : Outcome.FAILED;
    } finally {
      endChildren();
      ended.countDown();
    }
  }

  private void startChild(DemoSite site) throws IOException {
    SiteChild child = SiteChild.start(site, mainClass);
    children.add(child);
    child.onExit().thenRun(() -> told(child));
  }

  private void say(String text) {
    synchronized (out) {
      out.println(text);
      out.flush();
    }
  }

  /** A child has ended; on a thread of the JDK's. */
  private void told(SiteChild child) {
    if (stop.getCount() == 0) {
      return;
    }
    if (child.endedCleanly()) {
      say("  " + child.site().name() + ": " + child.ending());
      return;
    }
    StringBuilder text = new StringBuilder();
    text.append("\n*** site ").append(child.site().name()).append(" (process ");
    text.append(child.pid()).append(") ").append(child.ending()).append('\n');
    text.append("    its log:         ").append(child.site().log()).append('\n');
    text.append("    start it again:  ").append(hints.start(child.site())).append('\n');
    sites.stream()
        .filter(other -> other != child.site() && other.answers())
        .findFirst()
        .ifPresent(
            other -> {
              text.append("    site ").append(other.name()).append(" goes on");
              boolean mirror =
                  other.group().filter(g -> g.path("role").asText().equals("mirror")).isPresent();
              text.append(mirror ? " as the mirror; to let it take over:\n" : "\n");
              text.append(mirror ? "                     " + hints.promote() + "\n" : "");
            });
    say(text.toString());
  }

  private boolean awaitReady() throws InterruptedException {
    say("starting " + String.join(" and ", DemoConfig.SITES) + " in " + directory + " …");
    for (long tenths = 0; tenths < READY_SECONDS * 10; tenths++) {
      if (children.stream().anyMatch(child -> !child.isAlive())) {
        children.stream()
            .filter(child -> !child.isAlive())
            .forEach(child -> say(child.site().logTail()));
        return false;
      }
      if (sites.stream().allMatch(DemoSite::answers) && primary().isPresent()) {
        ensureVolume();
        say(hints.welcome(sites, pids()));
        return true;
      }
      if (stop.await(100, TimeUnit.MILLISECONDS)) {
        return true;
      }
    }
    say("no site leads after " + READY_SECONDS + " s:");
    sites.forEach(site -> say(site.logTail()));
    return false;
  }

  /** Where the group is led, and serves. */
  private Optional<DemoSite> primary() {
    return sites.stream()
        .filter(
            site -> site.group().filter(g -> g.path("role").asText().equals("primary")).isPresent())
        .findFirst();
  }

  private void ensureVolume() {
    DemoSite primary = primary().orElseThrow();
    boolean none = primary.group().filter(group -> group.path("volumes").isEmpty()).isPresent();
    if (none) {
      primary.ask(
          new Request.CreateVolume(DemoConfig.GROUP, DemoConfig.VOLUME, DemoConfig.VOLUME_BYTES));
    }
  }

  private Map<String, Long> pids() {
    Map<String, Long> pids = new HashMap<>();
    for (DemoSite site : sites) {
      site.ask(new Request.Status())
          .ifPresent(answer -> pids.put(site.name(), answer.path("status").path("pid").asLong()));
    }
    return pids;
  }

  /** Tells what changes until every site has ended or somebody stops it. */
  private Outcome watch() throws InterruptedException {
    while (!stop.await(1, TimeUnit.SECONDS)) {
      sites.forEach(this::tellChange);
      if (children.stream().noneMatch(SiteChild::isAlive)
          && sites.stream().noneMatch(DemoSite::answers)) {
        break;
      }
    }
    endChildren();
    return children.stream().allMatch(SiteChild::endedCleanly) ? Outcome.ENDED : Outcome.FAILED;
  }

  private void tellChange(DemoSite site) {
    Optional<JsonNode> group = site.group();
    if (group.isEmpty()) {
      lastTold.remove(site.name());
      return;
    }
    String now = group.get().path("role").asText() + ", " + group.get().path("health").asText();
    if (!now.equals(lastTold.put(site.name(), now))) {
      String why = group.get().path("why").asText();
      say("  " + site.name() + ": " + now + (why.isEmpty() ? "" : ": " + why));
    }
  }

  /** Ends what this process has started, cleanly, and waits for it. */
  private void endChildren() throws InterruptedException {
    stop.countDown();
    children.forEach(SiteChild::terminate);
    for (SiteChild child : children) {
      child.awaitEnd(END_SECONDS);
    }
  }

  /** Begins to end the demonstration, and waits until it has ended. */
  public void stop() throws InterruptedException {
    stop.countDown();
    ended.await();
  }
}
