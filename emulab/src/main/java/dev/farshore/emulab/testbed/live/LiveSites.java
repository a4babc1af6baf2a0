package dev.farshore.emulab.testbed.live;

import dev.farshore.emulab.testbed.Trial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Two agents on their ground, the WAN between them, and the directory of all that. {@link #close}
 * removes everything, and happens by itself if this process ends by a signal.
 */
final class LiveSites implements AutoCloseable {
  private static final int REHEARSALS = 10;

  private final Trial trial;
  private final Ground ground;
  private final Path home;
  private final Map<Side, Agent> agents = new EnumMap<>(Side.class);
  private final Thread atExit = new Thread(this::close, "end-sites");
  private Wire wire;
  private boolean closed;

  /**
   * @param home exists, and is removed at the end
   */
  LiveSites(Trial trial, Ground ground, Path home) {
    this.trial = trial;
    this.ground = ground;
    this.home = home;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * Starts everything, and waits until every group has its volume and a mirror that follows.
   *
   * @throws IOException for people
   */
  void start(long volumeBytes) throws IOException, InterruptedException {
    AbandonedTrials.belongs(home, ProcessHandle.current().pid());
    startWire();
    startAgent(Side.EAST);
    startAgent(Side.WEST);
    east().awaitAnswer();
    west().awaitAnswer();
    int groups = trial.load().groups();
    for (int group = 0; group < groups; group++) {
      west().createVolume(group, volumeBytes);
    }
    west().awaitHealthy(groups);
    east().awaitHealthy(groups);
  }

  private synchronized void startWire() throws IOException, InterruptedException {
    requireOpen();
    wire = ground.wire();
    if (trial.course().disaster().isPresent()) {
      rehearse();
    }
  }

  /**
   * What a young JVM does for the first time takes it milliseconds, and the moment of a disaster
   * does not have them: so the wire is cut while nothing is under way, too.
   */
  private void rehearse() throws IOException {
    for (int i = 0; i < REHEARSALS; i++) {
      for (boolean severed : List.of(true, false)) {
        wire.cut(severed);
        wire.obey("open-entrance");
      }
    }
  }

  private synchronized void startAgent(Side side) throws IOException {
    requireOpen();
    Path reached = home.resolve(side.toString());
    SiteFiles files = new SiteFiles(side, reached, ground.place(side, reached));
    agents.put(side, Agent.start(ground, files, trial));
    AbandonedTrials.belongs(home, agents.get(side).pid());
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this process is ending");
    }
  }

  Wire wire() {
    return wire;
  }

  Agent west() {
    return agents.get(Side.WEST);
  }

  Agent east() {
    return agents.get(Side.EAST);
  }

  /** East leads every group; they drain at the same time. */
  void promoteEast() throws IOException, InterruptedException {
    List<Promotion> promotions = new ArrayList<>();
    for (int group = 0; group < trial.load().groups(); group++) {
      promotions.add(new Promotion(group));
    }
    for (Promotion promotion : promotions) {
      promotion.join();
    }
  }

  /** Of one group, on a thread of its own. */
  private final class Promotion {
    private final Thread thread;
    private volatile Throwable failure;

    Promotion(int group) {
      thread = Thread.ofPlatform().name("promote-" + group).daemon().start(() -> run(group));
    }

    private void run(int group) {
      try {
        east().promote(group);
      } catch (IOException | InterruptedException e) {
        failure = e;
      }
    }

    void join() throws IOException, InterruptedException {
      thread.join();
      if (failure != null) {
        throw new IOException("no promotion: " + failure.getMessage(), failure);
      }
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    agents.values().forEach(Agent::kill);
    try {
      AbandonedTrials.delete(home);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      ground.close();
      forgetExit();
    }
  }

  private void forgetExit() {
    if (Thread.currentThread() == atExit) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException exiting) {
      // The hook runs, and will find it closed.
      return;
    }
  }
}
