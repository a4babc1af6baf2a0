package dev.farshore.emulab.testbed.sim;

import dev.farshore.emulab.testbed.Configuration.Acknowledged;
import dev.farshore.emulab.testbed.sim.WreckScenario.Moment;
import java.util.EnumMap;
import java.util.Map;

/** What many wrecks came to, so that it shows when they come to nothing. */
final class WreckTally {
  private final Map<Moment, Long> moments = new EnumMap<>(Moment.class);
  private final Map<Acknowledged, Long> missing = new EnumMap<>(Acknowledged.class);
  private long filling;
  private long outages;
  private long reconnecting;
  private long changes;
  private long answered;

  void striking(Moment moment, boolean fills, boolean connects) {
    moments.merge(moment, 1L, Long::sum);
    filling += moment == Moment.FILL && fills ? 1 : 0;
    reconnecting += moment == Moment.RECONNECT && connects ? 1 : 0;
  }

  /** An outage took that many datagrams. */
  void outage(long lost) {
    outages += lost > 0 ? 1 : 0;
  }

  long outages() {
    return outages;
  }

  void change(boolean wasAnswered) {
    changes++;
    answered += wasAnswered ? 1 : 0;
  }

  /** A change that was answered is missing. */
  void missing(WreckScenario scenario, boolean promiseKept) {
    if (promiseKept) {
      missing.merge(scenario.trial().configuration().acknowledged(), 1L, Long::sum);
    }
  }

  long missing(Acknowledged mode) {
    return missing.getOrDefault(mode, 0L);
  }

  long filling() {
    return filling;
  }

  long reconnecting() {
    return reconnecting;
  }

  @Override
  public String toString() {
    return "wrecks "
        + moments
        + ", outages felt "
        + outages
        + ", in a fill "
        + filling
        + ", between two sessions "
        + reconnecting
        + ", changes "
        + changes
        + ", answered "
        + answered
        + ", missing by mode "
        + missing;
  }
}
