package dev.farshore.emulab.testbed.sim;

import dev.farshore.agent.mirror.LinkState;
import dev.farshore.appliance.export.Export;
import dev.farshore.emulab.testbed.Configuration.Acknowledged;
import dev.farshore.emulab.testbed.Trial;
import dev.farshore.emulab.testbed.sim.WreckClient.Kind;
import dev.farshore.emulab.testbed.sim.WreckHistory.Change;
import dev.farshore.emulab.testbed.sim.WreckScenario.Moment;
import dev.farshore.emulab.testbed.wire.WireWatch;
import dev.farshore.emulab.wan.PathText;
import dev.farshore.link.model.Bottleneck;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.log.SegmentLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The primary's site is lost in the midst of something. Clients of all kinds of requests work on
 * the testbed's two sites; a watch on the wire says what the mirror can have, and then
 *
 * <ul>
 *   <li>the promoted mirror's log ends exactly where the wire, with the code, brought it to;
 *   <li>its volumes are what the clients made of them up to there;
 *   <li>a reply was never sent before what its mode promises was so, as the wire shows it;
 *   <li>nothing is missing that was answered by {@code remote}, nor after an outage within the
 *       burst promise where all layers were waited for.
 * </ul>
 */
final class Wreck implements WreckClient.Watcher {
  private static final int VOLUME_BYTES = 4 << 20;
  private static final int PIECE_BYTES = 512 << 10;
  private static final long MS = 1_000_000;
  private static final long TRIGGER_NANOS = 3_000 * MS;

  /** More than 1 and the promise is broken, as it may be: shows that its being kept is seen. */
  private static final int OUTAGE_FACTOR = Integer.getInteger("wreck.outage", 1);

  private final WreckScenario scenario;
  private final SplittableRandom random;
  private final PathText wire;
  private final Sites sites;
  private final Clockwork clock;
  private final WireWatch watch = WireWatch.ofAll(() -> true);
  private final List<WreckHistory> histories = new ArrayList<>();
  private final List<WreckClient> clients = new ArrayList<>();
  private final WreckTally tally;

  /** By group; empty unless the mirrors' disks were lost. */
  private final List<Gone> gone = new ArrayList<>();

  /**
   * A mirror's disk that was lost.
   *
   * @param forced LSN up to which it held the log: so much may be answered for it still
   * @param appended LSN at which the primary was then
   */
  private record Gone(long forced, long appended) {}

  private Kind awaited;
  private boolean awaitedReply;
  private boolean triggered;

  Wreck(WreckScenario scenario, WreckTally tally) throws IOException {
    this.scenario = scenario;
    this.tally = tally;
    this.random = new SplittableRandom(scenario.seed());
    Trial trial = scenario.trial();
    this.wire = PathText.of(trial.wire(), Bottleneck.UDP_HEADER_BYTES);
    this.sites =
        new Sites(
            trial,
            withoutRisk(Sizes.of(trial, wire.conditions(), 1)),
            Physics.REAL_BYTES,
            wire.conditions(),
            new Meter(),
            random.split());
    this.clock = sites.clock();
    sites.forward().capture(watch);
  }

  /** Nobody is held up: what is answered is decided by the mode alone. */
  private static Sizes withoutRisk(Sizes sizes) {
    return new Sizes(
        sizes.elision(),
        sizes.link(),
        sizes.requestBytes(),
        1L << 40,
        256 << 10,
        1 << 20,
        256 << 10,
        sizes.slots(),
        sizes.drainNanos());
  }

  void run() throws IOException {
    sites.begin(VOLUME_BYTES);
    for (Lane lane : sites.lanes()) {
      WreckHistory history = new WreckHistory();
      histories.add(history);
      for (int i = 0; i < scenario.clients(); i++) {
        clients.add(
            new WreckClient(
                sites,
                lane,
                history,
                random.split(),
                change -> checkAnswer(sites.lanes().get(histories.indexOf(history)), change),
                this,
                leastPauseNanos()));
      }
    }
    clock.runUntil(clock.nowNanos() + scenario.calmNanos());
    prepare();
    strike();
    for (int group = 0; group < histories.size(); group++) {
      judge(sites.lanes().get(group), histories.get(group), group);
    }
    sites.close();
  }

  /** Where replies wait for nothing, or for nothing while a mirror is filled. */
  private long leastPauseNanos() {
    boolean local = scenario.trial().configuration().acknowledged() == Acknowledged.LOCALLY;
    return local || scenario.moment() == Moment.FILL ? scenario.clients() * 5 * MS : 0;
  }

  private void prepare() throws IOException {
    sites.forward().change(conditions());
    long now = clock.nowNanos();
    long end = now + scenario.wreckNanos();
    switch (scenario.moment()) {
      case LOAD -> clock.runUntil(end);
      case LARGE, TRIM -> awaitKind(end);
      case OUTAGE -> {
        long from = end - random.nextLong(wire.conditions().delayNanos() + 5 * MS);
        if (scenario.promisesOutage()) {
          long nanos = scenario.trial().link().burstNanos() * OUTAGE_FACTOR;
          sites.forward().partition(from, from + nanos);
        }
        long before = sites.forward().counters().droppedInAll();
        clock.runUntil(end);
        tally.outage(sites.forward().counters().droppedInAll() - before);
      }
      case RECONNECT -> {
        long healed = now + 5_000 * MS + random.nextLong(2_000 * MS);
        int which = random.nextInt(3);
        if (which != 0) {
          sites.forward().partition(now, healed);
        }
        if (which != 1) {
          sites.back().partition(now, healed);
        }
        clock.runUntil(end);
      }
      case FILL -> {
        clock.runUntil(now + 300 * MS);
        renewEast();
        clock.runUntil(clock.nowNanos() + scenario.wreckNanos());
      }
    }
  }

  private LinkConditions conditions() {
    Trial.Disaster disaster = scenario.trial().course().disaster().orElseThrow();
    return wire.with(disaster.wire(), Bottleneck.UDP_HEADER_BYTES).conditions();
  }

  private void awaitKind(long fromNanos) {
    clock.runUntil(fromNanos);
    awaited = scenario.moment() == Moment.LARGE ? Kind.LARGE : Kind.TRIM;
    awaitedReply = random.nextBoolean();
    long end = fromNanos + TRIGGER_NANOS;
    while (!triggered && clock.nowNanos() < end) {
      clock.runUntil(clock.nowNanos() + MS / 10);
    }
    clock.runUntil(clock.nowNanos() + random.nextLong(2 * wire.conditions().delayNanos()));
  }

  @Override
  public void submitted(Kind kind) {
    triggered |= kind == awaited && !awaitedReply;
  }

  @Override
  public void answered(Kind kind) {
    triggered |= kind == awaited && awaitedReply;
  }

  /** The mirror's site loses its disks, and begins with empty ones. */
  private void renewEast() throws IOException {
    for (Lane lane : sites.lanes()) {
      long forced = lane.east().node().store().map(store -> store.log().forced()).orElse(0L);
      gone.add(new Gone(forced, lane.west().node().store().orElseThrow().log().last().lsn()));
      lane.east().dies();
    }
    sites.network().host(Sites.EAST).powerOff();
    watch.receiverDied();
    clock.runUntil(clock.nowNanos() + random.nextLong(50 * MS));
    sites.network().host(Sites.EAST).powerOn();
    for (int group = 0; group < histories.size(); group++) {
      Machine west = sites.lanes().get(group).west();
      Machine empty = sites.machine(group, Sites.EAST_NUMBER);
      sites.lanes().set(group, new Lane(west, empty, new Meter()));
    }
  }

  /** A reply is being sent: what its mode promises must be so. */
  private void checkAnswer(Lane lane, Change change) {
    if (change.degraded) {
      return;
    }
    switch (scenario.trial().configuration().acknowledged()) {
      case LOCALLY -> {}
      case ON_THE_WIRE -> {
        int levels = scenario.trial().link().code().levels();
        int level = Math.min(scenario.trial().configuration().level(), levels);
        if (!watch.covered(change.at, level) && !isForced(lane, change)) {
          throw new AssertionError("answered, and not covered by " + level + ": " + change);
        }
      }
      case REMOTELY -> {
        if (!isForced(lane, change)) {
          throw new AssertionError("answered, and not forced at the mirror: " + change);
        }
      }
    }
  }

  private boolean isForced(Lane lane, Change change) {
    boolean reported =
        !gone.isEmpty() && gone.get(sites.lanes().indexOf(lane)).forced() >= change.at.lsn();
    return reported
        || lane.east()
            .node()
            .store()
            .map(store -> store.log().forced() >= change.at.lsn())
            .orElse(false);
  }

  private void strike() throws IOException {
    tally.striking(scenario.moment(), filling(), reconnecting());
    sites.strikeWest(scenario.trial().course().disaster().orElseThrow().severed());
    clients.forEach(WreckClient::stop);
    clock.runUntil(clock.nowNanos() + random.nextLong(4 * wire.conditions().delayNanos()));
  }

  private boolean filling() {
    return sites.lanes().stream()
        .anyMatch(lane -> lane.west().node().snapshot(clock.nowNanos()).needsFill());
  }

  private boolean reconnecting() {
    return sites.lanes().stream()
        .map(lane -> lane.west().node().snapshot(clock.nowNanos()).linkState())
        .anyMatch(state -> state != LinkState.STREAMING);
  }

  private void judge(Lane lane, WreckHistory history, int group) throws IOException {
    long lost = gone.isEmpty() ? 0 : gone.get(group).appended();
    boolean fills = lane.east().node().snapshot(clock.nowNanos()).fill().isPresent();
    boolean promoted = lane.east().node().promote(true).isEmpty();
    lane.east().wake();
    long end = promoted ? promotedEnd(lane) : 0;
    sites.awaitSilence();
    long brought = watch.recoverable(lane.west().group().orElseThrow()).lsn();
    String about = "group " + group + ": brought " + brought + ", promoted at " + end;
    if (end != brought && !(fills || lacksRecords(brought))) {
      throw new AssertionError("not what the wire brought; " + about);
    }
    for (Change change : history.changes()) {
      if (change.answered && change.at.lsn() > end) {
        boolean kept = change.at.lsn() > lost && !change.degraded;
        if (kept && change.at.lsn() <= brought) {
          throw new AssertionError("lost " + change + "; " + about);
        }
        if (kept && mustSurvive()) {
          throw new AssertionError("lost, and was promised: " + change + "; " + about);
        }
        tally.missing(scenario, kept);
      }
      tally.change(change.answered);
    }
    if (promoted) {
      check(history.contents(VOLUME_BYTES, end), read(lane), about);
    }
  }

  /** Whether the mirror that took the place of another was brought no record yet. */
  private boolean lacksRecords(long brought) {
    return !gone.isEmpty() && brought == 0;
  }

  private boolean mustSurvive() {
    return switch (scenario.trial().configuration().acknowledged()) {
      case LOCALLY -> false;
      case REMOTELY -> true;
      case ON_THE_WIRE -> scenario.moment() == Moment.OUTAGE && scenario.promisesOutage();
    };
  }

  /** LSN of the last record of the lost primary that the promoted mirror has. */
  private long promotedEnd(Lane lane) throws IOException {
    clock.await(
        "a promotion", Sites.PATIENCE_NANOS, () -> lane.east().node().administration().isPresent());
    SegmentLog log = lane.east().node().store().orElseThrow().log();
    var west = lane.west().node().snapshot(clock.nowNanos()).leadership().leads();
    long lsn = log.appended();
    while (lsn >= log.first() && !log.positionAt(lsn).orElseThrow().epoch().equals(west)) {
      lsn--;
    }
    return lsn;
  }

  private ByteBuffer read(Lane lane) throws IOException {
    ByteBuffer volume = ByteBuffer.allocate(VOLUME_BYTES);
    try (Export export =
        lane.east().node().exports().orElseThrow().open(Lane.VOLUME).orElseThrow()) {
      for (int at = 0; at < VOLUME_BYTES; at += PIECE_BYTES) {
        boolean[] done = new boolean[1];
        export.read(at, volume.slice(at, PIECE_BYTES), reply(() -> done[0] = true));
        lane.east().wake();
        clock.await("what was read", Sites.PATIENCE_NANOS, () -> done[0]);
      }
    }
    return volume;
  }

  private static Export.Reply reply(Runnable then) {
    return new Export.Reply() {
      @Override
      public void done() {
        then.run();
      }

      @Override
      public void failed(Export.Failure failure, String reason) {
        throw new AssertionError(failure + ": " + reason);
      }
    };
  }

  private static void check(ByteBuffer expected, ByteBuffer held, String about) {
    int differs = expected.mismatch(held);
    if (differs >= 0) {
      throw new AssertionError("other bytes from " + differs + " on; " + about);
    }
  }
}
