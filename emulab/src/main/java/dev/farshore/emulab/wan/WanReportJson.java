package dev.farshore.emulab.wan;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.farshore.link.model.DropReason;
import dev.farshore.link.model.LinkCounters;

/** A {@link WanReport} as one line of JSON. */
final class WanReportJson {

  private WanReportJson() {}

  static String of(WanReport report) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    for (WanReport.OneWay way : report.directions()) {
      root.set(way.direction().toString(), direction(way));
    }
    root.put("udpClients", report.udpClients());
    root.put("tcpConnections", report.tcpConnections());
    root.put("tcpOpen", report.tcpOpen());
    root.put("tcpRefused", report.tcpRefused());
    root.put("lateMedianNanos", report.lateMedianNanos());
    root.put("lateP99Nanos", report.lateP99Nanos());
    return root.toString();
  }

  private static ObjectNode direction(WanReport.OneWay way) {
    LinkCounters udp = way.datagrams();
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("entranceOpen", way.entranceOpen());
    node.put("conditions", way.conditions());
    node.put("offeredPackets", udp.offeredPackets());
    node.put("offeredBytes", udp.offeredBytes());
    node.put("passedPackets", udp.passedPackets());
    node.put("passedBytes", udp.passedBytes());
    node.put("inFlightPackets", way.inFlight());
    ObjectNode dropped = node.putObject("droppedPackets");
    for (DropReason reason : DropReason.values()) {
      dropped.put(WanReport.name(reason), udp.dropped(reason));
    }
    dropped.put("not-sent", way.notSent());
    dropped.put("no-memory", way.noMemory());
    node.put("duplicatedPackets", udp.duplicatedPackets());
    node.put("heldBackPackets", udp.heldBackPackets());
    node.put("corruptedArrivals", udp.corruptedArrivals());
    node.put("lossRuns", udp.lossRuns());
    node.put("longestLossRun", udp.longestLossRun());
    node.put("tcpBytes", way.tcpBytes());
    node.put("tcpHeld", way.tcpHeld());
    return node;
  }
}
