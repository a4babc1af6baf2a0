package dev.farshore.emulab.wan;

import dev.farshore.link.model.Bottleneck;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.LinkModel;
import dev.farshore.link.model.QueueLimit;
import dev.farshore.link.model.Wire;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * One direction of all relayed TCP connections. What does not enter, because the entrance is closed
 * or there is an outage, waits before it; so does what was in flight when it was severed: TCP would
 * send it again. Owned by the event loop.
 */
final class TcpWay {

  private final Way<StreamItem> way;
  private final ArrayDeque<StreamItem> held = new ArrayDeque<>();

  /** Where outages begin and end. */
  private final PriorityQueue<Long> edges =
      new PriorityQueue<>((one, other) -> Long.compare(one - other, 0));

  private long passedBytes;

  TcpWay(LinkConditions conditions, long seed) {
    way = new Way<>(new Wire<>(new LinkModel(shaped(conditions), seed)));
  }

  /** What of a path's conditions TCP notices; its queue is as long as its windows allow. */
  private static LinkConditions shaped(LinkConditions path) {
    LinkConditions shaped =
        LinkConditions.PERFECT.withDelay(path.delayNanos()).withJitter(path.jitterNanos());
    return switch (path.bottleneck()) {
      case Bottleneck.None none -> shaped;
      case Bottleneck.DropTail tail ->
          shaped.withBottleneck(
              new Bottleneck.DropTail(
                  tail.bitsPerSecond(), new QueueLimit.Time(Long.MAX_VALUE), tail.headerBytes()));
    };
  }

  void change(LinkConditions conditions) {
    way.change(shaped(conditions));
  }

  void entrance(boolean open, long nowNanos) {
    way.entrance(open);
    enterHeld(nowNanos);
  }

  void sever() {
    List<StreamItem> underWay = new ArrayList<>();
    way.sever(underWay::add);
    underWay.reversed().forEach(held::addFirst);
  }

  /**
   * @throws IllegalArgumentException if so many are to come that there is no room for these
   */
  void schedule(List<Outage> outages, long nowNanos) {
    way.schedule(outages, nowNanos);
    for (Outage outage : outages) {
      edges.add(outage.beginNanos(nowNanos));
      edges.add(outage.endNanos(nowNanos));
    }
  }

  void heal(long nowNanos) {
    way.heal();
    edges.clear();
    enterHeld(nowNanos);
  }

  boolean isPassable(long nowNanos) {
    return way.isPassable(nowNanos);
  }

  /** Puts an item on the wire, or before its entrance if nothing enters now. */
  void enter(StreamItem item, long nowNanos) {
    if (way.isPassable(nowNanos)) {
      way.wire().offer(item, item.size(), nowNanos);
    } else {
      held.addLast(item);
    }
  }

  private void enterHeld(long nowNanos) {
    while (!held.isEmpty() && way.isPassable(nowNanos)) {
      enter(held.removeFirst(), nowNanos);
    }
  }

  /**
   * Hands on what is due.
   *
   * @return whether an outage has begun or ended
   */
  boolean step(long nowNanos, Consumer<StreamItem> exit) {
    boolean changed = false;
    while (!edges.isEmpty() && edges.peek() - nowNanos <= 0) {
      edges.remove();
      changed = true;
    }
    if (changed) {
      enterHeld(nowNanos);
    }
    for (boolean more = true; more; ) {
      more = way.wire().deliver(nowNanos, (item, damage, last) -> handOn(item, exit));
    }
    return changed;
  }

  private void handOn(StreamItem item, Consumer<StreamItem> exit) {
    passedBytes += item.size();
    exit.accept(item);
  }

  /** When something comes out, or an outage begins or ends; MAX_VALUE for never. */
  long nextNanos() {
    long edge = edges.isEmpty() ? Long.MAX_VALUE : edges.peek();
    return Pace.earlier(way.wire().nextArrivalNanos(), edge);
  }

  WanReport.Tcp report() {
    return new WanReport.Tcp(passedBytes, way.wire().inFlight(), held.size());
  }
}
