package dev.farshore.agent.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.farshore.agent.status.GroupStatus.Flow;
import dev.farshore.agent.status.GroupStatus.Volume;
import dev.farshore.appliance.volume.Watermarks;

/**
 * Status for scripts. Sizes are in bytes, durations in seconds, shares from 0 to 1. Fields are only
 * added; {@link #SCHEMA} changes when one changes its meaning or goes. Absent means not known.
 */
public final class StatusJson {
  public static final int SCHEMA = 1;

  private StatusJson() {}

  public static ObjectNode write(SiteStatus site) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("schema", SCHEMA);
    json.put("site", site.site());
    json.put("number", site.number());
    json.put("pid", site.pid());
    json.put("version", site.version());
    json.put("data", site.data());
    json.put("health", site.health().word());
    ArrayNode groups = json.putArray("groups");
    site.groups().forEach(group -> groups.add(group(group)));
    return json;
  }

  private static ObjectNode group(GroupStatus group) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", group.name());
    json.put("health", group.verdict().health().word());
    json.put("why", group.verdict().why());
    json.put("action", group.verdict().action());
    json.put("role", group.standing().role().word());
    json.put("epoch", group.standing().epoch());
    json.put("mode", group.standing().mode());
    ObjectNode peer = json.putObject("peer");
    peer.put("name", group.peer().name());
    peer.put("connected", group.peer().connected());
    peer.put("replication", group.peer().replication().word());
    peer.put("roundTripSeconds", group.peer().roundTripSeconds());
    flow(json, group.flow());
    ObjectNode log = json.putObject("log");
    log.put("retainedBytes", group.holding().space().retainedBytes());
    log.put("quotaBytes", group.holding().space().quotaBytes());
    log.put("onQuota", group.holding().space().onQuota());
    ArrayNode volumes = json.putArray("volumes");
    group.holding().volumes().forEach(volume -> volumes.add(volume(volume)));
    ArrayNode notes = json.putArray("notes");
    group.holding().notes().forEach(notes::add);
    return json;
  }

  private static void flow(ObjectNode json, Flow flow) {
    ObjectNode lag = json.putObject("lag");
    lag.put("records", flow.lag().records());
    flow.lag().bytes().ifPresent(bytes -> lag.put("bytes", bytes));
    lag.put("seconds", flow.lag().seconds());
    Watermarks marks = flow.marks();
    ObjectNode watermarks = json.putObject("watermarks");
    watermarks.put("appended", marks.appended());
    watermarks.put("forced", marks.forced());
    watermarks.put("sent", marks.sent());
    watermarks.put("covered", marks.covered());
    watermarks.put("received", marks.received());
    watermarks.put("mirrored", marks.mirrored());
    ObjectNode wire = json.putObject("wire");
    wire.put("loss", flow.wire().loss());
    wire.put("longestBurst", flow.wire().longestBurst());
    GroupStatus.Packets packets = flow.wire().packets();
    wire.put("repairedPackets", packets.repaired());
    wire.put("resentPackets", packets.resent());
    wire.put("overhead", flow.wire().overhead());
    wire.put("sentMeans", flow.wire().sentMeans().words());
    wire.put("dataPackets", packets.data());
    wire.put("repairPackets", packets.repair());
    flow.exposure()
        .ifPresent(
            exposure -> {
              ObjectNode node = json.putObject("atRisk");
              node.put("bytes", exposure.bytes());
              node.put("seconds", exposure.seconds());
              exposure.lossChance().ifPresent(chance -> node.put("lossChance", chance));
            });
    flow.copy()
        .ifPresent(
            copy -> {
              ObjectNode node = json.putObject("copy");
              node.put("doneBytes", copy.doneBytes());
              node.put("totalBytes", copy.totalBytes());
            });
  }

  private static ObjectNode volume(Volume volume) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", volume.name());
    json.put("sizeBytes", volume.sizeBytes());
    json.put("writable", volume.writable());
    ArrayNode addresses = json.putArray("addresses");
    volume.addresses().forEach(addresses::add);
    return json;
  }
}
