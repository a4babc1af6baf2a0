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
    LinkCounters udp = way.udp().datagrams();
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("entranceOpen", way.udp().entranceOpen());
    node.put("conditions", way.conditions());
    node.put("offeredPackets", udp.offeredPackets());
    node.put("offeredBytes", udp.offeredBytes());
    node.put("passedPackets", udp.passedPackets());
    node.put("passedBytes", udp.passedBytes());
    node.put("inFlightPackets", way.udp().inFlight());
    ObjectNode dropped = node.putObject("droppedPackets");
    for (DropReason reason : DropReason.values()) {
      dropped.put(WanReportText.name(reason), udp.dropped(reason));
    }
    dropped.put("not-sent", way.udp().notSent());
    dropped.put("no-memory", way.udp().noMemory());
    node.put("duplicatedPackets", udp.duplicatedPackets());
    node.put("heldBackPackets", udp.heldBackPackets());
    node.put("corruptedArrivals", udp.corruptedArrivals());
    node.put("lossRuns", udp.lossRuns());
    node.put("longestLossRun", udp.longestLossRun());
    node.put("tcpBytes", way.tcp().passedBytes());
    node.put("tcpHeld", way.tcp().held());
    return node;
  }
}
