package dev.farshore.link.model;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One direction between two simulated hosts. Datagrams and control channels have a wire each, of
 * the same conditions, so that the fate of a datagram does not depend on what the control channel
 * says.
 */
public final class SimulatedPath {

  private final SimulatedNetwork network;
  private final SimulatedHost source;
  private final SimulatedHost target;
  private final Wire<Datagram> datagrams;
  private final Wire<Segment> control;
  private final Wire.Exit<Datagram> datagramExit = this::arrived;
  private final Wire.Exit<Segment> controlExit = this::arrived;
  private Optional<PathCapture> capture = Optional.empty();

  SimulatedPath(
      SimulatedNetwork network,
      SimulatedHost source,
      SimulatedHost target,
      LinkConditions conditions,
      long seed) {
    this.network = network;
    this.source = source;
    this.target = target;
    datagrams = new Wire<>(new LinkModel(conditions, seed));
    control = new Wire<>(new LinkModel(conditions, ~seed));
  }

  public LinkConditions conditions() {
    return datagrams.model().conditions();
  }

  public void change(LinkConditions conditions) {
    datagrams.model().change(conditions);
    control.model().change(conditions);
  }

  /** Nothing new enters, what is in flight still arrives. */
  public void closeEntrance() {
    datagrams.model().closeEntrance();
    control.model().closeEntrance();
  }

  public void openEntrance() {
    datagrams.model().openEntrance();
    control.model().openEntrance();
  }

  public void partition(long fromNanos, long untilNanos) {
    datagrams.model().partition(fromNanos, untilNanos);
    control.model().partition(fromNanos, untilNanos);
  }

  /** Nothing passes from now on; what is in flight still arrives. */
  public void partition() {
    partition(network.nowNanos(), Long.MAX_VALUE);
  }

  public void heal() {
    datagrams.model().heal();
    control.model().heal();
  }

  /** What is in flight now is lost. */
  public void sever() {
    datagrams.sever(lost -> {});
    control.sever(lost -> {});
  }

  /** Shows every datagram from now on to {@code watcher}, in place of an earlier one. */
  public void capture(PathCapture watcher) {
    capture = Optional.of(watcher);
  }

  /** Datagrams that are queued or in flight. */
  public int inFlight() {
    return datagrams.inFlight();
  }

  /** What became of the datagrams. */
  public LinkCounters counters() {
    return datagrams.model().counters();
  }

  void offer(Datagram datagram) {
    if (capture.isPresent()) {
      capture.get().entered(datagram.bytes(), network.nowNanos());
    }
    datagrams.offer(datagram, datagram.bytes().length, network.nowNanos());
  }

  /** The kernel of the source took a datagram for this path, and does not send it. */
  void refused(Datagram datagram) {
    capture.ifPresent(watcher -> watcher.refused(datagram.bytes(), network.nowNanos()));
  }

  void offer(Segment segment) {
    control.offer(segment, segment.wireBytes(), network.nowNanos());
  }

  /** How long a segment offered now takes. */
  long delayNanos() {
    LinkConditions conditions = conditions();
    return control.model().backlogNanos(network.nowNanos())
        + conditions.delayNanos()
        + conditions.jitterNanos();
  }

  /** Whether something offered now could arrive. */
  boolean isPassable() {
    LinkModel model = control.model();
    return model.isEntranceOpen() && !model.isPartitioned(network.nowNanos());
  }

  SimulatedPath back() {
    return network.path(target, source);
  }

  long nextArrivalNanos() {
    return Math.min(datagrams.nextArrivalNanos(), control.nextArrivalNanos());
  }

  /** Hands the next arrival to the host; of two at the same time the datagram comes first. */
  void deliverNext() {
    if (datagrams.nextArrivalNanos() <= control.nextArrivalNanos()) {
      datagrams.deliver(Long.MAX_VALUE, datagramExit);
    } else {
      control.deliver(Long.MAX_VALUE, controlExit);
    }
  }

  private void arrived(Datagram datagram, Damage damage, boolean last) {
    if (damage.isNone() && capture.isPresent()) {
      capture.get().arrived(datagram.bytes(), network.nowNanos());
    }
    ByteBuffer bytes = network.lend(datagram.bytes());
    damage.applyTo(bytes);
    target.onDatagram(datagram, bytes);
  }

  /** A damaged segment fails the checksum of TCP and is as good as lost. */
  private void arrived(Segment segment, Damage damage, boolean last) {
    if (damage.isNone()) {
      target.onSegment(segment);
    }
  }
}
