package dev.farshore.emulab.wan;

import dev.farshore.link.udp.UdpPort;

/**
 * What was lost at sockets, beside all models.
 *
 * @param notRead arrivals that our kernel dropped; -1 if it does not tell
 * @param notTaken that our own kernel did not take after it had seemed so
 * @param refused that another host refused, or whose send call the news of that took
 */
record PortLosses(long notRead, long notTaken, long refused) {

  static final PortLosses NONE = new PortLosses(0, 0, 0);

  static PortLosses of(UdpPort port) {
    return new PortLosses(
        port.droppedArrivals(), port.refusedHere(), port.refusedLater() - port.refusedHere());
  }

  PortLosses and(PortLosses other) {
    boolean told = notRead >= 0 && other.notRead >= 0;
    return new PortLosses(
        told ? notRead + other.notRead : -1, notTaken + other.notTaken, refused + other.refused);
  }
}
