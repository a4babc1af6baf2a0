package dev.farshore.link.risk;

import java.util.Arrays;

/**
 * That none of a packet's groups gives it, for what follows it on the wire. One burst can take
 * places of several groups: a packet, the repair right behind it, and that of the next layer behind
 * that. So the chances of the groups are multiplied for each length of the burst that the packet is
 * in, not before.
 */
final class BurstBehind {

  private final TailGraph graph;

  // By place, set by the caller.
  private final double[] missing;
  private final double[] noneBehindGood;
  private final double[] failsBehind;

  // Of one packet: for each of its groups how far the burst has come, and what it spared.
  private int[] at = new int[0];
  private double[] reached = new double[0];
  private double[] spared = new double[0];

  /**
   * @param missing that a packet is missing if it is lost
   * @param noneBehindGood that nothing is missing behind a place where the wire is good
   * @param failsBehind that too many are missing behind a place
   */
  BurstBehind(TailGraph graph, double[] missing, double[] noneBehindGood, double[] failsBehind) {
    this.graph = graph;
    this.missing = missing;
    this.noneBehindGood = noneBehindGood;
    this.failsBehind = failsBehind;
  }

  /** That all groups of a packet fail because of what is behind it, if it is lost. */
  double allFail(int packet) {
    int groups = graph.placesOf(packet);
    if (groups < 2) {
      return groups == 0 ? 1 : failsBehind[graph.placeOf(packet, 0)];
    }
    start(packet, groups);
    double sum = 0;
    double longer = 1;
    while (true) {
      int nearest = nearest(groups);
      double next = nearest < 0 ? 0 : reached[nearest];
      sum += (longer - next) * allFailNow(packet, groups);
      if (next == 0) {
        return sum;
      }
      longer = next;
      spared[nearest] *= 1 - missing[at[nearest] + 1];
      at[nearest]++;
      reached[nearest] *= memoryBehind(at[nearest]);
    }
  }

  private void start(int packet, int groups) {
    if (at.length < groups) {
      at = new int[groups];
      reached = new double[groups];
      spared = new double[groups];
    }
    Arrays.fill(spared, 1);
    for (int i = 0; i < groups; i++) {
      at[i] = graph.placeOf(packet, i);
      boolean exclusiveOr = graph.repairs(graph.groupAt(at[i])) == 1;
      reached[i] = exclusiveOr ? memoryBehind(at[i]) : 0;
    }
  }

  /** How likely a burst at that place reaches the next of its group; 0 if there is none. */
  private double memoryBehind(int place) {
    int end = graph.endPlace(graph.groupAt(place));
    return place + 1 < end ? graph.memory(place + 1) : 0;
  }

  /** The group whose next place the burst reaches first; -1 if it can reach none. */
  private int nearest(int groups) {
    int nearest = -1;
    for (int i = 0; i < groups; i++) {
      if (reached[i] > 0 && (nearest < 0 || reached[i] > reached[nearest])) {
        nearest = i;
      }
    }
    return nearest;
  }

  private double allFailNow(int packet, int groups) {
    double all = 1;
    for (int i = 0; i < groups; i++) {
      boolean exclusiveOr = graph.repairs(graph.groupAt(at[i])) == 1;
      all *=
          exclusiveOr
              ? 1 - spared[i] * noneBehindGood[at[i]]
              : failsBehind[graph.placeOf(packet, i)];
    }
    return all;
  }
}
