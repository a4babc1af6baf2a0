package dev.farshore.emulab.testbed.sim;

import dev.farshore.appliance.export.Export;
import dev.farshore.link.model.SimulatedNetwork;

/** A client that always has one request outstanding, in its own part of a group's volume. */
final class Tester extends Agenda.Actor implements Export.Reply {
  private final SimulatedNetwork network;
  private final Agenda agenda;
  private final Lane lane;
  private final Meter meter;
  private final Contents contents;
  private final Part part;
  private final long pauseNanos;
  private final Export export;
  private long begun;
  private long acknowledged;
  private long beganNanos;
  private boolean stopped;

  /**
   * Where a tester writes.
   *
   * @param offset of the part in its volume
   * @param slots that it has, used in turn
   * @param slotBytes a request
   */
  record Part(long offset, int slots, int slotBytes) {
    long offsetOf(long request) {
      return offset + request % slots * slotBytes;
    }
  }

  /** A tester that has nothing to do yet. */
  Tester(
      SimulatedNetwork network,
      Agenda agenda,
      Lane lane,
      Meter meter,
      Contents contents,
      Part part,
      long pauseNanos) {
    this.network = network;
    this.agenda = agenda;
    this.lane = lane;
    this.meter = meter;
    this.contents = contents;
    this.part = part;
    this.pauseNanos = pauseNanos;
    this.export = lane.west().node().exports().orElseThrow().open(Lane.VOLUME).orElseThrow();
    agenda.join(this);
  }

  @Override
  void act(long nowNanos) {
    beganNanos = nowNanos;
    long offset = part.offsetOf(begun);
    begun++;
    lane.begins(contents.tester(), nowNanos);
    export.write(offset, contents.stamp(begun - 1), false, this);
    lane.west().wake();
  }

  @Override
  public void done() {
    acknowledged++;
    meter.answered(beganNanos, network.nowNanos());
    agenda.set(this, network.nowNanos() + pauseNanos);
  }

  @Override
  public void failed(Export.Failure failure, String reason) {
    if (!stopped) {
      throw new IllegalStateException("a write failed: " + failure + ", " + reason);
    }
  }

  /** It will not write again, and is not interested in what becomes of its last write. */
  void stop() {
    stopped = true;
    agenda.set(this, Long.MAX_VALUE);
  }

  /** Requests that were answered. */
  long acknowledged() {
    return acknowledged;
  }

  /** The number of its first request whose record lies behind {@code lsn}. */
  long firstBehind(long lsn) {
    return begun - lane.behind(lsn, contents.tester());
  }

  Lane lane() {
    return lane;
  }

  Part part() {
    return part;
  }

  Contents contents() {
    return contents;
  }
}
