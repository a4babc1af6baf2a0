package dev.farshore.agent.site;

import dev.farshore.agent.mirror.ControlReception;
import dev.farshore.agent.mirror.GroupNode;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Calls the step functions of a site: whenever something has woken it, and when one of them asked
 * to be called. Wakeups that come before their round has begun are one. Owned by the event loop's
 * thread, except {@link #wake}.
 */
final class SiteLoop {
  private final EventLoop loop;
  private final Consumer<Throwable> broken;
  private final ControlReception reception;
  private final List<GroupNode> groups = new ArrayList<>();
  private final List<UnopenedGroup> unopened = new ArrayList<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private Optional<ScheduledFuture<?>> timer = Optional.empty();
  private long timerNanos;
  private boolean stopped;

  /**
   * @param broken takes what a step function threw; does not return control to the site
   */
  SiteLoop(EventLoop loop, Consumer<Throwable> broken) {
    this.loop = loop;
    this.broken = broken;
    this.reception = new ControlReception(System::nanoTime, this::wake);
  }

  ControlReception reception() {
    return reception;
  }

  List<GroupNode> groups() {
    return groups;
  }

  void add(GroupNode group) {
    groups.add(group);
    reception.add(group);
    wake();
  }

  /** A group that could not be opened: whoever leads it is told so when it connects. */
  void addUnopened(UnopenedGroup group) {
    unopened.add(group);
    reception.addUnavailable(group.name(), group.refusal());
  }

  /** The groups of this site that could not be opened. */
  List<UnopenedGroup> unopened() {
    return unopened;
  }

  /** Asks for a round soon; from any thread, often. */
  void wake() {
    if (woken.compareAndSet(false, true)) {
      loop.execute(this::round);
    }
  }

  private void round() {
    woken.set(false);
    if (stopped) {
      return;
    }
    try {
      long now = System.nanoTime();
      reception.poll(now);
      boolean more = false;
      long deadline = reception.nextDeadlineNanos();
      for (GroupNode group : groups) {
        more |= group.poll(now);
        deadline = Math.min(deadline, group.nextDeadlineNanos());
      }
      if (more) {
        wake();
      } else {
        sleepUntil(deadline, now);
      }
    } catch (RuntimeException | Error e) {
      broken.accept(e);
    }
  }

  /** Makes sure that a round comes at the deadline at the latest. */
  private void sleepUntil(long deadlineNanos, long nowNanos) {
    if (deadlineNanos == Long.MAX_VALUE) {
      return;
    }
    boolean early = timer.isPresent() && timerNanos - deadlineNanos <= 0 && timerNanos > nowNanos;
    if (early) {
      return;
    }
    timer.ifPresent(t -> t.cancel(false));
    timerNanos = deadlineNanos;
    long delay = Math.max(0, deadlineNanos - nowNanos);
    timer = Optional.of(loop.schedule(this::onTimer, delay, TimeUnit.NANOSECONDS));
  }

  private void onTimer() {
    timer = Optional.empty();
    wake();
  }

  /** No more rounds. */
  void stop() {
    stopped = true;
    timer.ifPresent(t -> t.cancel(false));
    timer = Optional.empty();
  }
}
