package dev.farshore.emulab.wan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.farshore.link.model.DropReason;
import dev.farshore.link.model.LinkCounters;
import java.util.Locale;

/** What became of the packets of one direction, for people and for programs. */
public final class PacketsText {

  private PacketsText() {}

  /**
   * @param direction what the first line begins with
   * @param kind of packet
   * @return two lines
   */
  public static String of(String direction, String kind, WanReport.Udp way) {
    LinkCounters packets = way.datagrams();
    return String.format(
            Locale.ROOT,
            "%-8s  %s: offered %d, passed %d (%d bytes), in flight %d, dropped %d%s\n",
            direction,
            kind,
            packets.offeredPackets(),
            packets.passedPackets(),
            packets.passedBytes(),
            way.inFlight(),
            way.dropped(),
            reasons(way))
        + String.format(
            Locale.ROOT,
            "          duplicated %d, held back %d, corrupted %d, refused there %d, loss runs %d (longest %d)%s\n",
            packets.duplicatedPackets(),
            packets.heldBackPackets(),
            packets.corruptedArrivals(),
            way.faults().refused(),
            packets.lossRuns(),
            packets.longestLossRun(),
            way.entranceOpen() ? "" : "; ENTRANCE CLOSED");
  }

  private static String reasons(WanReport.Udp way) {
    StringBuilder reasons = new StringBuilder();
    for (DropReason reason : DropReason.values()) {
      append(reasons, name(reason), way.datagrams().dropped(reason));
    }
    append(reasons, "not-read", way.faults().notRead());
    append(reasons, "no-memory", way.faults().noMemory());
    append(reasons, "not-sent", way.faults().notSent());
    return reasons.isEmpty() ? "" : " (" + reasons + ")";
  }

  private static void append(StringBuilder to, String reason, long count) {
    if (count > 0) {
      to.append(to.isEmpty() ? "" : ", ").append(reason).append(' ').append(count);
    }
  }

  /** Adds the same as fields. */
  public static void put(ObjectNode node, WanReport.Udp way) {
    LinkCounters packets = way.datagrams();
    node.put("entranceOpen", way.entranceOpen());
    node.put("offeredPackets", packets.offeredPackets());
    node.put("offeredBytes", packets.offeredBytes());
    node.put("passedPackets", packets.passedPackets());
    node.put("passedBytes", packets.passedBytes());
    node.put("inFlightPackets", way.inFlight());
    ObjectNode dropped = node.putObject("droppedPackets");
    for (DropReason reason : DropReason.values()) {
      dropped.put(name(reason), packets.dropped(reason));
    }
    dropped.put("not-read", Math.max(0, way.faults().notRead()));
    dropped.put("no-memory", way.faults().noMemory());
    dropped.put("not-sent", way.faults().notSent());
    node.put("refusedPackets", way.faults().refused());
    node.put("duplicatedPackets", packets.duplicatedPackets());
    node.put("heldBackPackets", packets.heldBackPackets());
    node.put("corruptedArrivals", packets.corruptedArrivals());
    node.put("lossRuns", packets.lossRuns());
    node.put("longestLossRun", packets.longestLossRun());
  }

  private static String name(DropReason reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
