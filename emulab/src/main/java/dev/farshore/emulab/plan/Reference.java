package dev.farshore.emulab.plan;

import java.util.List;

/**
 * A curve that is not ours, drawn beside ours.
 *
 * @param source where it comes from, for people
 */
public record Reference(String name, String source, Curve curve) {

  /** In the units of the axes. */
  public sealed interface Curve permits Points, Mathis {}

  /** Joined by straight lines. */
  public record Points(List<Place> places) implements Curve {
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
