package dev.farshore.link.risk;

import java.util.Arrays;

/**
 * One group on a wire that loses in runs: how many of its packets are missing before and behind
 * each of them, exactly, along the chain of the wire's two states. Holds the result for one group
 * at a time.
 *
 * <p>A packet is missing if it is lost and its other groups do not bring it either, which are taken
 * to be independent chances. A group with c repairs gives a lost member unless c or more of its
 * other packets are missing.
 */
final class GroupChances {

  private final TailGraph graph;
  private final Tail tail;
  private final double share;

  // Distributions of how many are missing, counted up to c - 1: [place][count], by the state of the
  // wire at the place itself, which is not counted.
  private final double[][] beforeGood;
  private final double[][] beforeBad;
  private final double[][] behindGood;
  private final double[][] behindBad;
  private final double[] missing;
  private int first;
  private int end;
  private int counts;

  GroupChances(TailGraph graph, Tail tail, double share) {
    this.graph = graph;
    this.tail = tail;
    this.share = share;
    int longest = Math.max(1, graph.longest());
    int most = Math.max(1, graph.mostRepairs());
    this.beforeGood = new double[longest][most];
    this.beforeBad = new double[longest][most];
    this.behindGood = new double[longest][most];
    this.behindBad = new double[longest][most];
    this.missing = new double[longest];
  }

  /**
   * @param missingIfLost for each place of the group, the chance that its packet is missing if it
   *     is lost; 1 for a repair
   */
  void compute(int group, double[] missingIfLost) {
    first = graph.firstPlace(group);
    end = graph.endPlace(group);
    counts = graph.repairs(group);
    int last = end - first - 1;
    System.arraycopy(missingIfLost, first, missing, 0, last + 1);
    start(beforeGood[0], beforeBad[0]);
    for (int i = 1; i <= last; i++) {
      step(i - 1, graph.memory(first + i), beforeGood, beforeBad, i);
    }
    start(behindGood[last], behindBad[last]);
    for (int i = last - 1; i >= 0; i--) {
      step(i + 1, graph.memory(first + i + 1), behindGood, behindBad, i);
    }
  }

  private void start(double[] good, double[] bad) {
    Arrays.fill(good, 0, counts, 0);
    Arrays.fill(bad, 0, counts, 0);
    good[0] = 1;
    bad[0] = 1;
  }

  /** Takes the neighbour into the count, as seen from the place {@code to}. */
  private void step(int neighbour, double memory, double[][] good, double[][] bad, int to) {
    double badAfterBad = share + (1 - share) * memory;
    double badAfterGood = share * (1 - memory);
    double chance = missing[neighbour];
    boolean lost = isLost(neighbour);
    double goodLess = 0;
    double badLess = 0;
    for (int k = 0; k < counts; k++) {
      double ifGood = good[neighbour][k];
      double ifBad = bad[neighbour][k];
      double counted = (1 - chance) * ifBad + chance * badLess;
      double notCounted = lost ? (1 - chance) * ifGood + chance * goodLess : ifGood;
      good[to][k] = (1 - badAfterGood) * notCounted + badAfterGood * counted;
      bad[to][k] = (1 - badAfterBad) * notCounted + badAfterBad * counted;
      goodLess = ifGood;
      badLess = ifBad;
    }
  }

  private boolean isLost(int index) {
    int packet = graph.packetAt(first + index);
    return packet != TailGraph.REPAIR && tail.number(packet) == Tail.LOST;
  }

  /** That the group does not give the packet at that place, if the packet is lost. */
  double fails(int place) {
    int i = place - first;
    double solved = 0;
    for (int before = 0; before < counts; before++) {
      for (int behind = 0; before + behind < counts; behind++) {
        solved += beforeBad[i][before] * behindBad[i][behind];
      }
    }
    return Math.max(0, 1 - solved);
  }

  /** That too many are missing behind that place alone, if its packet is lost. */
  double failsBehind(int place) {
    double solved = 0;
    for (int behind = 0; behind < counts; behind++) {
      solved += behindBad[place - first][behind];
    }
    return Math.max(0, 1 - solved);
  }

  /** That nothing is missing behind that place, if the wire is in its good state there. */
  double noneBehindGood(int place) {
    return behindGood[place - first][0];
  }

  /** That nothing is missing before that place, if its packet is lost. */
  double noneBefore(int place) {
    return beforeBad[place - first][0];
  }

  /**
   * That nothing is missing before that place, if its packet is lost, and if the packet right
   * before it is missing with another chance than was given for that place.
   *
   * @param lostToo that the packet right before is lost
   * @param missingIfLost that it is missing then
   */
  double noneBefore(int place, double lostToo, double missingIfLost) {
    int i = place - first - 1;
    return (1 - lostToo) * beforeGood[i][0] + lostToo * (1 - missingIfLost) * beforeBad[i][0];
  }
}
