package dev.farshore.emulab.wan;

import dev.farshore.link.model.DropReason;
import dev.farshore.link.model.LinkCounters;
import java.util.List;
import java.util.Locale;

/**
 * What a relay passed and dropped since it began.
 *
 * @param directions one for each direction
 * @param udpClients addresses that talk to it
 * @param tcpConnections accepted in all
 * @param tcpOpen of them open now
 * @param tcpRefused connections that the far end, or the relay, did not take
 * @param lateMedianNanos how much later than the model said a datagram was handed on
 * @param lateP99Nanos likewise, 99th percentile
 */
public record WanReport(
    List<OneWay> directions,
    int udpClients,
    long tcpConnections,
    int tcpOpen,
    long tcpRefused,
    long lateMedianNanos,
    long lateP99Nanos) {

  /**
   * One direction.
   *
   * @param entranceOpen whether something new may enter
   * @param conditions as they were set
   * @param datagrams what the model did with UDP
   * @param inFlight datagrams queued or in flight now
   * @param notSent datagrams that came out and that our own kernel did not take
   * @param noMemory datagrams that did not enter because the relay had no memory left
   * @param tcpBytes bytes of TCP that came out
   * @param tcpHeld pieces of TCP that wait before a closed entrance
   */
  public record OneWay(
      Direction direction,
      boolean entranceOpen,
      String conditions,
      LinkCounters datagrams,
      int inFlight,
      long notSent,
      long noMemory,
      long tcpBytes,
      int tcpHeld) {}

  public String text() {
    StringBuilder text = new StringBuilder();
    for (OneWay way : directions) {
      LinkCounters udp = way.datagrams();
      text.append(
          String.format(
              Locale.ROOT,
              "%-8s  udp: offered %d, passed %d (%d bytes), in flight %d, dropped %d%s\n",
              way.direction(),
              udp.offeredPackets(),
              udp.passedPackets(),
              udp.passedBytes(),
              way.inFlight(),
              udp.droppedInAll() + way.noMemory() + way.notSent(),
              dropped(way)));
      text.append(
          String.format(
              Locale.ROOT,
              "          duplicated %d, held back %d, corrupted %d, loss runs %d (longest %d)%s\n",
              udp.duplicatedPackets(),
              udp.heldBackPackets(),
              udp.corruptedArrivals(),
              udp.lossRuns(),
              udp.longestLossRun(),
              way.entranceOpen() ? "" : "; ENTRANCE CLOSED"));
      text.append(
          String.format(
              Locale.ROOT,
              "          tcp: %d bytes passed, %d pieces held\n",
              way.tcpBytes(),
              way.tcpHeld()));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "udp clients %d; tcp connections %d, open %d, refused %d; "
                + "late by %d us (median), %d us (p99)",
            udpClients,
            tcpConnections,
            tcpOpen,
            tcpRefused,
            lateMedianNanos / 1_000,
            lateP99Nanos / 1_000));
    return text.toString();
  }

  private static String dropped(OneWay way) {
    StringBuilder reasons = new StringBuilder();
    for (DropReason reason : DropReason.values()) {
      append(reasons, name(reason), way.datagrams().dropped(reason));
    }
    append(reasons, "not-sent", way.notSent());
    append(reasons, "no-memory", way.noMemory());
    return reasons.isEmpty() ? "" : " (" + reasons + ")";
  }

  private static void append(StringBuilder to, String reason, long count) {
    if (count > 0) {
      to.append(to.isEmpty() ? "" : ", ").append(reason).append(' ').append(count);
    }
  }

  static String name(DropReason reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
