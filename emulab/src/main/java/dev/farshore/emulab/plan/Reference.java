package dev.farshore.emulab.plan;

import dev.farshore.emulab.experiment.Point;
import java.util.List;
import java.util.Map;

/**
 * A curve that was not measured here, drawn beside those that were.
 *
 * @param source where it comes from, for people
 * @param where values of inputs: it is drawn only if all points of the figure are so
 */
public record Reference(String name, String source, Curve curve, Map<String, List<String>> where) {

  public Reference {
    where = Map.copyOf(where);
  }

  /** Whether it belongs beside these points. */
  public boolean holds(List<Point> points) {
    return where.entrySet().stream()
        .allMatch(
            only ->
                points.stream()
                    .allMatch(point -> only.getValue().contains(point.text(only.getKey()))));
  }

  /** In the units of the axes. */
  public sealed interface Curve permits Points, Mathis {}

  /**
   * Joined by straight lines.
   *
   * @param line whether they are only the ends of lines, and not what somebody measured
   */
  public record Points(List<Place> places, boolean line) implements Curve {
    public Points {
      places = List.copyOf(places);
    }
  }

  public record Place(double x, double y) {}

  /**
   * The rate of TCP Reno where independent losses bound it: MSS / RTT x 1.22 / sqrt(p), over a loss
   * in percent (Mathis, Semke, Mahdavi and Ott, "The macroscopic behavior of the TCP congestion
   * avoidance algorithm", CCR 27(3), 1997).
   *
   * @param roundTripNanos of the path
   * @param segmentBytes payload of a segment
   * @param unit of the axis, in bits a second
   */
  public record Mathis(long roundTripNanos, long segmentBytes, double unit) implements Curve {
    /** sqrt(3/2), as the paper has it for periodic losses and an ack for each segment. */
    private static final double CONSTANT = 1.22;

    /**
     * @param percent of packets that are lost, more than 0
     */
    public double bitsPerSecond(double percent) {
      return segmentBytes * 8.0 / (roundTripNanos / 1e9) * CONSTANT / Math.sqrt(percent / 100);
    }

    /** In the unit of the axis. */
    public double rate(double percent) {
      return bitsPerSecond(percent) / unit;
    }
  }
}
