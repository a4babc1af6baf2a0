package dev.farshore.emulab.wan;

import java.util.Locale;

/** A {@link WanReport} for people. */
final class WanReportText {

  private WanReportText() {}

  static String of(WanReport report) {
    StringBuilder text = new StringBuilder();
    for (WanReport.OneWay way : report.directions()) {
      text.append(PacketsText.of(way.direction().toString(), "udp", way.udp()));
      add(
          text,
          "          tcp: %d bytes passed, %d pieces in flight, %d held\n",
          way.tcp().passedBytes(),
          way.tcp().inFlight(),
          way.tcp().held());
    }
    WanReport.Connections tcp = report.connections();
    add(
        text,
        "udp clients %d; tcp connections %d, open %d, refused %d; late by %d us (median), %d us (p99)\n",
        report.clients().addresses(),
        tcp.accepted(),
        tcp.open(),
        tcp.refused() + tcp.turnedAway(),
        report.clients().lateMedianNanos() / 1_000,
        report.clients().lateP99Nanos() / 1_000);
    return text.append(report.verdict()).toString();
  }

  private static void add(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }
}
