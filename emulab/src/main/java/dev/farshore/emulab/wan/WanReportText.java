package dev.farshore.emulab.wan;

import dev.farshore.link.model.DropReason;
import dev.farshore.link.model.LinkCounters;
import java.util.Locale;

/** A {@link WanReport} for people. */
final class WanReportText {

  private WanReportText() {}

  static String of(WanReport report) {
    StringBuilder text = new StringBuilder();
    for (WanReport.OneWay way : report.directions()) {
      LinkCounters udp = way.udp().datagrams();
      add(
          text,
          "%-8s  udp: offered %d, passed %d (%d bytes), in flight %d, dropped %d%s\n",
          way.direction(),
          udp.offeredPackets(),
          udp.passedPackets(),
          udp.passedBytes(),
          way.udp().inFlight(),
          way.udp().dropped(),
          reasons(way.udp()));
      add(
          text,
          "          duplicated %d, held back %d, corrupted %d, loss runs %d (longest %d)%s\n",
          udp.duplicatedPackets(),
          udp.heldBackPackets(),
          udp.corruptedArrivals(),
          udp.lossRuns(),
          udp.longestLossRun(),
          way.udp().entranceOpen() ? "" : "; ENTRANCE CLOSED");
      add(
          text,
          "          tcp: %d bytes passed, %d pieces held\n",
          way.tcp().passedBytes(),
          way.tcp().held());
    }
    WanReport.Connections tcp = report.connections();
    add(
        text,
        "udp clients %d; tcp connections %d, open %d, refused %d; late by %d us (median), %d us (p99)",
        report.clients().addresses(),
        tcp.accepted(),
        tcp.open(),
        tcp.refused() + tcp.turnedAway(),
        report.clients().lateMedianNanos() / 1_000,
        report.clients().lateP99Nanos() / 1_000);
    return text.toString();
  }

  private static void add(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }

  private static String reasons(WanReport.Udp udp) {
    StringBuilder reasons = new StringBuilder();
    for (DropReason reason : DropReason.values()) {
      append(reasons, name(reason), udp.datagrams().dropped(reason));
    }
    append(reasons, "not-sent", udp.notSent());
    append(reasons, "no-memory", udp.noMemory());
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
