package dev.farshore.emulab.tun;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.farshore.emulab.wan.Direction;
import dev.farshore.emulab.wan.PacketsText;
import dev.farshore.emulab.wan.WanReport;
import java.util.List;
import java.util.Locale;

/**
 * What a link between two namespaces passed and dropped since it began.
 *
 * @param directions one for each direction
 * @param failure what ended the link before its time; empty if nothing did
 */
public record TunReport(List<OneWay> directions, String failure) {

  /**
   * One direction.
   *
   * @param source name of the namespace that it leads from
   * @param target name of the namespace that it leads to
   * @param conditions as they were set
   * @param packets what became of them
   */
  public record OneWay(
      Direction direction,
      String source,
      String target,
      String conditions,
      WanReport.Udp packets,
      Faults faults,
      Late late) {

    /** Packets that were lost or not taken without the model having said so. */
    public long unaccounted() {
      return faults.notRead()
          + faults.notTaken()
          + faults.tooLong()
          + packets.faults().unaccounted();
    }
  }

  /**
   * What must not happen, and what the model could not know.
   *
   * @param notRead dropped by the source's device, because they were not read in time
   * @param notTaken dropped by the target's device
   * @param tooLong longer than the MTU at the start
   * @param unrecognisable that damage had left no IP version, and that no kernel takes
   */
  public record Faults(long notRead, long notTaken, long tooLong, long unrecognisable) {}

  /** How much later than the model said packets were handed on, in nanoseconds. */
  public record Late(long medianNanos, long p99Nanos, long mostNanos) {}

  public OneWay of(Direction direction) {
    return directions.stream()
        .filter(way -> way.direction() == direction)
        .findFirst()
        .orElseThrow();
  }

  /**
   * Whether every packet met the model and nothing but the model. If not, what was measured over
   * the link says nothing.
   */
  public boolean isValid() {
    return failure.isEmpty() && directions.stream().allMatch(way -> way.unaccounted() == 0);
  }

  /** For people, several lines. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (OneWay way : directions) {
      text.append(PacketsText.of(way.direction().toString(), "ip", way.packets()));
      text.append(
          String.format(
              Locale.ROOT,
              "          %s -> %s: device dropped %d unread, %d untaken; late by %d us (median),"
                  + " %d us (p99), %d us (most)\n",
              way.source(),
              way.target(),
              way.faults().notRead(),
              way.faults().notTaken(),
              way.late().medianNanos() / 1_000,
              way.late().p99Nanos() / 1_000,
              way.late().mostNanos() / 1_000));
    }
    return text.append(verdict()).toString();
  }

  private String verdict() {
    if (isValid()) {
      return "valid: every packet met the link's conditions and nothing else";
    }
    return failure.isEmpty()
        ? "INVALID: packets were lost outside of the link; what was measured is void"
        : "INVALID: " + failure;
  }

  /** One line of JSON. */
  public String json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("valid", isValid());
    root.put("failure", failure);
    for (OneWay way : directions) {
      ObjectNode node = root.putObject(way.direction().toString());
      node.put("source", way.source());
      node.put("target", way.target());
      node.put("conditions", way.conditions());
      PacketsText.put(node, way.packets());
      node.put("deviceNotRead", way.faults().notRead());
      node.put("deviceNotTaken", way.faults().notTaken());
      node.put("tooLong", way.faults().tooLong());
      node.put("unrecognisable", way.faults().unrecognisable());
      node.put("lateMedianNanos", way.late().medianNanos());
      node.put("lateP99Nanos", way.late().p99Nanos());
      node.put("lateMostNanos", way.late().mostNanos());
    }
    return root.toString();
  }
}
