package dev.farshore.emulab.testbed.live;

import com.fasterxml.jackson.databind.JsonNode;
import dev.farshore.agent.control.ControlClient;
import dev.farshore.agent.control.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a site's status said of one of its groups. Watermarks are record numbers; packets since the
 * session of its link began.
 *
 * @param nanos when: the middle between question and answer
 */
record GroupReading(
    long nanos,
    long appended,
    long forced,
    long dataPackets,
    long repairPackets,
    long resentPackets,
    long repairedPackets) {

  /** One of each group, in the order of the configuration. */
  static List<GroupReading> ask(ControlClient site) throws IOException {
    long asked = System.nanoTime();
    JsonNode groups = Agent.ask(site, new Request.Status()).path("status").path("groups");
    long nanos = asked + (System.nanoTime() - asked) / 2;
    List<GroupReading> readings = new ArrayList<>();
    for (JsonNode group : groups) {
      JsonNode marks = group.path("watermarks");
      JsonNode wire = group.path("wire");
      readings.add(
          new GroupReading(
              nanos,
              marks.path("appended").asLong(),
              marks.path("forced").asLong(),
              wire.path("dataPackets").asLong(),
              wire.path("repairPackets").asLong(),
              wire.path("resentPackets").asLong(),
              wire.path("repairedPackets").asLong()));
    }
    return readings;
  }
}
