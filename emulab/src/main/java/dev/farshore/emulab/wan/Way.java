package dev.farshore.emulab.wan;

import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.LinkModel;
import dev.farshore.link.model.Wire;
import java.util.List;
import java.util.function.Consumer;

/**
 * What orders do to one direction of a link, whatever travels on it. Owned by the thread of its
 * wire.
 *
 * @param <P> what travels on it
 */
public record Way<P>(Wire<P> wire) {

  private LinkModel model() {
    return wire.model();
  }

  public void entrance(boolean open) {
    if (open) {
      model().openEntrance();
    } else {
      model().closeEntrance();
    }
  }

  public boolean isEntranceOpen() {
    return model().isEntranceOpen();
  }

  /** Whether what is offered now would enter. */
  boolean isPassable(long nowNanos) {
    return isEntranceOpen() && !model().isPartitioned(nowNanos);
  }

  /**
   * Closes the entrance; what is queued or in flight does not arrive.
   *
   * @param lost is given each of it once
   */
  public void sever(Consumer<P> lost) {
    model().closeEntrance();
    wire.sever(lost);
  }

  public void change(LinkConditions conditions) {
    model().change(conditions);
  }

  /**
   * @throws IllegalArgumentException if so many are to come that there is no room for these
   */
  public void schedule(List<Outage> outages, long nowNanos) {
    try {
      outages.forEach(
          outage -> model().partition(outage.beginNanos(nowNanos), outage.endNanos(nowNanos)));
    } catch (IllegalStateException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Ends every outage, also those to come. */
  public void heal() {
    model().heal();
  }
}
