package dev.farshore.emulab.testbed.live;

import dev.farshore.agent.control.ControlClient;
import dev.farshore.emulab.testbed.Outcome;
import dev.farshore.emulab.testbed.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/** One trial, from nothing to its end. Used by one thread. */
final class LiveTrial implements AutoCloseable {
  /** The moment of a cut must be known to one part of so many of the delay. */
  private static final long MOST_UNCERTAIN = 4;

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Trial trial;
  private final LiveSites sites;
  private final Load load = new Load();
  private final CompletableFuture<Void> failure = new CompletableFuture<>();
  private final List<Tester> testers = new ArrayList<>();
  private long uncertainNanos;

  /**
   * @param home a directory for this trial, removed at its end
   */
  LiveTrial(Trial trial, Ground ground, long seed, Path home) {
    this.trial = trial;
    this.sites = new LiveSites(trial, ground, home);
    Trial.Load wanted = trial.load();
    for (int i = 0; i < wanted.testers(); i++) {
      Tester.Place place =
          new Tester.Place(i % wanted.groups(), i / wanted.groups(), wanted.requestBytes());
      testers.add(
          new Tester(
              place, seed * 1_000 + i, load, wanted.pauseNanos(), failure::completeExceptionally));
    }
  }

  Outcome run() throws IOException, InterruptedException {
    Trial.Load wanted = trial.load();
    int perGroup = Math.ceilDiv(wanted.testers(), wanted.groups());
    sites.start(perGroup * Tester.Place.bytes(wanted.requestBytes()));
    for (Tester tester : testers) {
      tester.start(sites.west().files().exports());
    }
    MirrorWatch watch =
        new MirrorWatch(
            sites.west(), sites.east(), wanted.groups(), load, failure::completeExceptionally);
    watch.start();
    try (ControlClient west = sites.west().connect();
        ControlClient east = sites.east().connect()) {
      return course(watch, west, east);
    }
  }

  private Outcome course(MirrorWatch watch, ControlClient west, ControlClient east)
      throws IOException, InterruptedException {
    long begin = System.nanoTime() + trial.course().warmUpNanos() + trial.course().settleNanos();
    until(begin);
    Count before = count(west, east);
    long start = System.nanoTime();
    load.measureFrom(start);
    long end = start + trial.course().measuredNanos();
    if (trial.course().disaster().isPresent()) {
      Trial.Disaster disaster = trial.course().disaster().get();
      until(Math.max(start, end - disaster.wireNanos()));
      change(disaster.wire());
    }
    until(end);
    load.measureUntil(end);
    Count after = count(west, east);
    Optional<Outcome.Losses> losses = Optional.empty();
    if (trial.course().disaster().isPresent()) {
      losses = Optional.of(strike(trial.course().disaster().get(), watch));
    } else {
      watch.end(PATIENCE);
      load.end();
      joinTesters();
    }
    failNow();
    return outcome(before, after, watch.latency(), losses);
  }

  /** Waits, unless something fails. */
  private void until(long nanos) throws IOException, InterruptedException {
    long wait = nanos - System.nanoTime();
    if (wait > 0) {
      try {
        failure.get(wait, TimeUnit.NANOSECONDS);
      } catch (TimeoutException inTime) {
        return;
      } catch (ExecutionException e) {
        failNow();
      }
    }
  }

  private void failNow() throws IOException {
    if (failure.isCompletedExceptionally()) {
      Throwable cause = failure.exceptionNow();
      throw new IOException(cause.getMessage(), cause);
    }
  }

  private void change(Map<String, String> conditions) throws IOException {
    if (!conditions.isEmpty()) {
      StringBuilder order = new StringBuilder("set forward");
      conditions.forEach((key, value) -> order.append(' ').append(key).append('=').append(value));
      sites.wire().obey(order.toString());
    }
  }

  private Count count(ControlClient west, ControlClient east) throws IOException {
    return Count.of(GroupReading.ask(west), GroupReading.ask(east), sites.wire().read());
  }

  private Outcome.Losses strike(Trial.Disaster disaster, MirrorWatch watch)
      throws IOException, InterruptedException {
    watch.end(PATIENCE);
    load.expectLoss();
    Wire.Cut cut = sites.wire().cut(disaster.severed());
    load.lost(cut.nanos());
    uncertainNanos = cut.uncertainNanos();
    sites.west().kill();
    joinTesters();
    sites.promoteEast();
    long acknowledged = 0;
    long missing = 0;
    for (Tester tester : testers) {
      acknowledged += tester.acknowledged();
      missing += tester.missing(sites.east().files().exports());
    }
    return new Outcome.Losses(acknowledged, missing, OptionalLong.empty());
  }

  /** A primary that answers nothing more fails the run, and not all that would come after it. */
  private void joinTesters() throws IOException, InterruptedException {
    Tester.join(testers, PATIENCE);
  }

  private Outcome outcome(
      Count before, Count after, Histogram mirroring, Optional<Outcome.Losses> losses)
      throws IOException {
    Histogram latency = Tester.histogram();
    long answered = 0;
    for (Tester tester : testers) {
      latency.add(tester.latency());
      answered += tester.measured();
    }
    double requestBits = trial.load().requestBytes() * (double) Byte.SIZE;
    return new Outcome(
        answered,
        answered * requestBits * 1e9 / trial.course().measuredNanos(),
        after.forcedRate(before) * requestBits,
        latency,
        mirroring,
        after.since(before),
        losses,
        invalid(before, after));
  }

  private String invalid(Count before, Count after) throws IOException {
    String invalid = sites.wire().read().invalid();
    if (!invalid.isEmpty()) {
      return invalid;
    }
    if (uncertainNanos > SiteFiles.delayNanos(trial) / MOST_UNCERTAIN) {
      return "when the link was cut is known to %.1f ms only: more may have been sent, or arrived"
          .formatted(uncertainNanos / 1e6);
    }
    return after.isBroken(before) ? "the link's session broke, and began anew" : "";
  }

  @Override
  public void close() {
    // What fails from here on, fails because of the end.
    load.expectLoss();
    load.end();
    sites.close();
    for (Tester tester : testers) {
      tester.close();
    }
  }
}
