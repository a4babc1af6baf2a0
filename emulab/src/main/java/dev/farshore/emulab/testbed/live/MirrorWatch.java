package dev.farshore.emulab.testbed.live;

import dev.farshore.agent.control.ControlClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** Reads the status of both sites again and again, on a thread of its own. */
final class MirrorWatch {
  /**
   * Each reading takes a moment of the sites' threads, which then send later: at 10 ms a busy
   * machine lost a fifth of a link's rate to it.
   */
  private static final long EVERY_MILLIS = 25;

  private final Agent west;
  private final Agent east;
  private final Load load;
  private final Histogram latency = Tester.histogram();
  private final List<MirroringLag> groups = new ArrayList<>();
  private final CountDownLatch ending = new CountDownLatch(1);
  private final Thread thread;

  /**
   * @param failed told on this thread if a site does not answer
   */
  MirrorWatch(Agent west, Agent east, int groups, Load load, Consumer<IOException> failed) {
    this.west = west;
    this.east = east;
    this.load = load;
    for (int i = 0; i < groups; i++) {
      this.groups.add(new MirroringLag(this::sample));
    }
    thread = Thread.ofPlatform().name("mirror-watch").daemon().unstarted(() -> run(failed));
  }

  void start() {
    thread.start();
  }

  /**
   * Ends it; both sites must still answer.
   *
   * @throws IOException if one does not, for so long
   */
  void end(Duration patience) throws IOException, InterruptedException {
    ending.countDown();
    if (!thread.join(patience)) {
      throw new IOException(
          "a site did not answer when its status was read, for %d s"
              .formatted(patience.toSeconds()));
    }
  }

  /** From append to force at the mirror, in microseconds; once it has ended. */
  Histogram latency() {
    return latency;
  }

  private void run(Consumer<IOException> failed) {
    try (ControlClient primary = west.connect();
        ControlClient mirror = east.connect()) {
      do {
        List<GroupReading> appended = GroupReading.ask(primary);
        List<GroupReading> forced = GroupReading.ask(mirror);
        for (int i = 0; i < groups.size(); i++) {
          groups.get(i).primary(appended.get(i).appended(), appended.get(i).nanos());
          groups.get(i).mirror(forced.get(i).forced(), forced.get(i).nanos());
        }
      } while (!ending.await(EVERY_MILLIS, TimeUnit.MILLISECONDS));
    } catch (IOException e) {
      failed.accept(e);
    } catch (InterruptedException e) {
      failed.accept(new IOException("the watch was interrupted", e));
    }
  }

  private void sample(long nanos) {
    if (load.isMeasured(System.nanoTime())) {
      latency.recordValue(Math.min(Tester.LONGEST_MICROS, nanos / 1000));
    }
  }
}
