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
   * @param notSent that came out and that our own kernel did not take
   * @param noMemory that did not enter because the relay had no memory left for them
   */
  public record Udp(
      boolean entranceOpen, LinkCounters datagrams, int inFlight, long notSent, long noMemory) {

    /** Dropped for any reason. */
    public long dropped() {
      return datagrams.droppedInAll() + notSent + noMemory;
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

  /** For people, several lines. */
  public String text() {
    return WanReportText.of(this);
  }

  /** One line of JSON. */
  public String json() {
    return WanReportJson.of(this);
  }
}
