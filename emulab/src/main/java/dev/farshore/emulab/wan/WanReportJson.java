package dev.farshore.emulab.wan;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A {@link WanReport} as one line of JSON. */
final class WanReportJson {

  private WanReportJson() {}

  static String of(WanReport report) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("valid", report.isValid());
    root.put("failure", report.isValid() ? "" : report.verdict());
    for (WanReport.OneWay way : report.directions()) {
      root.set(way.direction().toString(), direction(way));
    }
    root.put("udpClients", report.clients().addresses());
    root.put("udpTurnedAway", report.clients().turnedAway());
    root.put("lateMedianNanos", report.clients().lateMedianNanos());
    root.put("lateP99Nanos", report.clients().lateP99Nanos());
    root.put("tcpAccepted", report.connections().accepted());
    root.put("tcpOpen", report.connections().open());
    root.put("tcpRefused", report.connections().refused());
    root.put("tcpTurnedAway", report.connections().turnedAway());
    return root.toString();
  }

  private static ObjectNode direction(WanReport.OneWay way) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("conditions", way.conditions());
    PacketsText.put(node, way.udp());
    node.put("tcpBytes", way.tcp().passedBytes());
    node.put("tcpInFlight", way.tcp().inFlight());
    node.put("tcpHeld", way.tcp().held());
    return node;
  }
}
