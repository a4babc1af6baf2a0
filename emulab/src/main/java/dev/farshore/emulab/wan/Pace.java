package dev.farshore.emulab.wan;

import dev.farshore.link.netty.Escalation;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/**
 * Runs a task on the event loop at the time that it asks for itself, or earlier if woken for an
 * earlier one. With native epoll the loop waits in {@code epoll_pwait2}, which counts nanoseconds.
 */
public final class Pace {

  /** A step: does what is due and says when it wants to run again; MAX_VALUE for not by itself. */
  @FunctionalInterface
  public interface Step {
    long run(long nowNanos);
  }

  private final EventLoop loop;
  private final Step step;
  private long dueNanos = Long.MAX_VALUE;

  public Pace(EventLoop loop, Step step) {
    this.loop = loop;
    this.step = step;
  }

  /** Of two times, of which MAX_VALUE is never. */
  static long earlier(long one, long other) {
    return one == Long.MAX_VALUE || (other != Long.MAX_VALUE && other - one < 0) ? other : one;
  }

  /** The step wants to run at this time. */
  public void at(long nanos) {
    if (nanos == Long.MAX_VALUE || (dueNanos != Long.MAX_VALUE && nanos - dueNanos >= 0)) {
      return;
    }
    dueNanos = nanos;
    long waitNanos = Math.max(0, nanos - System.nanoTime());
    loop.schedule(Escalation.escalating(() -> run(nanos)), waitNanos, TimeUnit.NANOSECONDS);
  }

  private void run(long scheduledNanos) {
    if (dueNanos == scheduledNanos) {
      dueNanos = Long.MAX_VALUE;
      at(step.run(System.nanoTime()));
    }
  }
}
