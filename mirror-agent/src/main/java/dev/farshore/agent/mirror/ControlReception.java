package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.control.ControlMessage;
import dev.farshore.agent.mirror.control.ControlMessage.Hello;
import dev.farshore.agent.mirror.control.ControlMessage.RefusalKind;
import dev.farshore.agent.mirror.control.ControlMessage.Refused;
import dev.farshore.link.port.ControlPort;
import dev.farshore.log.record.Epoch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the control channels that come in at a site, waits for the hello that names a group, and
 * hands the channel to it. Owned by the site's thread.
 */
public final class ControlReception {
  private static final Logger LOG = LoggerFactory.getLogger(ControlReception.class);
  private static final int MAX_WAITING = 64;
  private static final long HELLO_NANOS = 5_000_000_000L;

  private record Waiting(ControlChannel channel, long deadlineNanos) {}

  private final NanoClock clock;
  private final Runnable wake;
  private final Map<String, GroupNode> groups = new LinkedHashMap<>();
  private final Map<String, String> unavailable = new LinkedHashMap<>();
  private final List<Waiting> waiting = new ArrayList<>();

  public ControlReception(NanoClock clock, Runnable wake) {
    this.clock = clock;
    this.wake = wake;
  }

  public void add(GroupNode group) {
    groups.put(group.name(), group);
  }

  /** A group that is this site's and cannot follow anybody, for that reason. */
  public void addUnavailable(String group, String reason) {
    unavailable.put(group, reason);
  }

  /** A channel has come in. */
  public void accept(ControlPort port) {
    ControlChannel channel = new ControlChannel(port, clock, wake);
    if (waiting.size() == MAX_WAITING) {
      channel.close("too many channels wait for their hello");
    } else {
      waiting.add(new Waiting(channel, clock.nanoTime() + HELLO_NANOS));
    }
  }

  /** Hands over the channels whose hello has come, closes those that take too long. */
  public void poll(long nowNanos) {
    for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
      Waiting next = each.next();
      ControlMessage message = next.channel.receive();
      if (message != null) {
        each.remove();
        greet(next.channel, message);
      } else if (!next.channel.isOpen()) {
        each.remove();
      } else if (nowNanos - next.deadlineNanos >= 0) {
        each.remove();
        next.channel.close("no hello came");
      }
    }
  }

  private void greet(ControlChannel channel, ControlMessage message) {
    if (!(message instanceof Hello hello)) {
      channel.close("the first message is no hello");
      return;
    }
    String reason = unavailable.get(hello.group());
    if (reason != null) {
      channel.send(new Refused(RefusalKind.UNAVAILABLE, Epoch.NONE, reason));
      channel.close(reason);
      return;
    }
    GroupNode group = groups.get(hello.group());
    if (group == null) {
      channel.close("there is no group of that name here");
      return;
    }
    try {
      group.onHello(channel, hello);
    } catch (IOException e) {
      LOG.error("group {}: cannot follow: {}", hello.group(), e.toString());
      channel.close("this site's disk refuses");
    }
  }

  public long nextDeadlineNanos() {
    long deadline = Long.MAX_VALUE;
    for (Waiting each : waiting) {
      deadline = Math.min(deadline, each.deadlineNanos);
    }
    return deadline;
  }
}
