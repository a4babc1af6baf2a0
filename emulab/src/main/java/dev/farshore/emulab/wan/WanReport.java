package dev.farshore.emulab.wan;

import dev.farshore.link.model.LinkCounters;
import java.util.List;

/**
 * What a relay passed and dropped since it began.
 *
 * @param directions one for each direction
 * @param clients who talks to it by UDP
 * @param connections who talks to it by TCP
 */
public record WanReport(List<OneWay> directions, Clients clients, Connections connections) {

  /**
   * One direction.
   *
   * @param conditions as they were set
   */
  public record OneWay(Direction direction, String conditions, Udp udp, Tcp tcp) {}

  /**
   * What became of the datagrams of one direction.
   *
   * @param entranceOpen whether something new may enter
   * @param datagrams what the model did with them
   * @param inFlight queued or in flight now
   * @param faults what was lost beside the model
   */
  public record Udp(boolean entranceOpen, LinkCounters datagrams, int inFlight, Faults faults) {

    /** Dropped for any reason. */
    public long dropped() {
      return datagrams.droppedInAll() + faults.unaccounted();
    }
  }

  /**
   * Datagrams that were lost without the model having said so.
   *
   * @param notRead that our own kernel dropped before they could be read; -1 if it does not tell
   * @param noMemory that did not enter because there was no memory left for them
   * @param notSent that came out and that our own kernel did not take
   * @param refused that came out and that the host there did not take
   */
  public record Faults(long notRead, long noMemory, long notSent, long refused) {

    /** Those that are our own. */
    public long unaccounted() {
      return Math.max(0, notRead) + noMemory + notSent;
    }
  }

  /**
   * What became of the bytes of one direction.
   *
   * @param passedBytes that came out
   * @param inFlight pieces that are queued or in flight now
   * @param held pieces that wait before an entrance that is closed, or for the end of an outage
   */
  public record Tcp(long passedBytes, int inFlight, int held) {}

  /**
   * @param addresses that talk to the relay
   * @param turnedAway datagrams of addresses beyond the most that are served
   * @param lateMedianNanos how much later than the model said a datagram was handed on
   * @param lateP99Nanos likewise, 99th percentile
   */
  public record Clients(int addresses, long turnedAway, long lateMedianNanos, long lateP99Nanos) {}

  /**
   * @param accepted in all
   * @param open of them now
   * @param refused that the far end did not take
   * @param turnedAway beyond the most that are served
   */
  public record Connections(long accepted, int open, long refused, long turnedAway) {}

  /**
   * Whether every datagram met the model and nothing but the model, as far as our kernel tells.
   * Otherwise what was measured over the link says nothing. What the hosts at the ends refuse is
   * their affair.
   */
  public boolean isValid() {
    return unaccounted() == 0;
  }

  /** Datagrams that were lost or not served without the model having said so. */
  long unaccounted() {
    long count = clients.turnedAway();
    for (OneWay way : directions) {
      count += way.udp().faults().unaccounted();
    }
    return count;
  }

  /** What there is to say of its validity. */
  String verdict() {
    if (!isValid()) {
      return "INVALID: datagrams lost outside of the link: "
          + unaccounted()
          + "; what was measured is void";
    }
    return directions.stream().allMatch(way -> way.udp().faults().notRead() >= 0)
        ? "valid: no datagram was lost but by the link's conditions"
        : "valid as far as is known: this kernel does not tell what it dropped";
  }

  /** For people, several lines. */
  public String text() {
    return WanReportText.of(this);
  }

  /** One line of JSON. */
  public String json() {
    return WanReportJson.of(this);
  }
}
