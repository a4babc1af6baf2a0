package dev.farshore.link.risk;

import java.util.Arrays;

/**
 * The chance that an answered record would be lost if the site died now.
 *
 * <p><em>The event.</em> What is on the wire arrives or is lost, nothing follows, nobody resends. A
 * record is lost if any data packet at or before its end neither arrives nor follows from what
 * does, for the mirror can use only what has no gap before it. So an answered record is lost if a
 * packet that holds an answered byte is, and the chance is that of the union over the packets of
 * the {@link Tail}: not of the packets at the edge alone, nor of each of them for itself.
 *
 * <p><em>The state.</em> It is the sender's own at this moment: which packets are not known to have
 * arrived, which of their groups have left whole, at which places of the wire. Near the edge the
 * wide layers have not left yet, and most of the danger is there. Packets that a round trip has
 * passed over are not in it: they have arrived, or were asked for again and resent.
 *
 * <p><em>The estimate.</em> The code is a graph of packets and groups, and a loss pattern is fatal
 * if peeling leaves a packet. The chance that a group does not give a lost member comes from the
 * members' chances that their other groups do not, and the reverse, repeated from above until it
 * rests (density evolution: Luby, Mitzenmacher, Shokrollahi, Spielman, Stemann, STOC 1997; here on
 * the finite graph that left). Within a group the states of the wire are a chain, so bursts that
 * take several members, or members and repairs, count as they are. Packets that fall together must
 * count as one event: each is counted only if it is the first of what falls with it, that is, none
 * before it in its groups is missing, and not its neighbour on the wire (Poisson clumping: Aldous,
 * 1989). For groups of one layer and independent losses, this is exact but for neighbours; for
 * layers it neglects that groups share more than one packet.
 *
 * <p>Measured against disasters by the experiment {@code risk}.
 */
public final class LossChance {

  private static final int MOST_ROUNDS = 30;
  private static final double SETTLED = 0.01;

  /** Which share of the tail, its oldest, stands for what is older still. */
  private static final int OLDEST = 4;

  private final Tail tail;
  private final BurstLoss loss;
  private final TailGraph graph;
  private final GroupChances groups;

  // By place: that the group does not give the packet if it is lost; that its other groups do not.
  private final double[] fails;
  private final double[] missing;
  private final double[] lostToo;
  // By place, if its packet is lost: that none before it in the group is missing; that the group
  // fails because of what is behind it.
  private final double[] noneBefore;
  private final double[] failsBehind;
  private final double[] noneBehindGood;
  private final BurstBehind behind;

  /** Works out how a tail fares on a wire that loses like that. */
  public LossChance(Tail tail, BurstLoss loss) {
    this.tail = tail;
    this.loss = loss;
    this.graph = new TailGraph(tail, loss);
    this.groups = new GroupChances(graph, tail, loss.share());
    this.fails = new double[graph.places()];
    this.missing = new double[graph.places()];
    this.lostToo = new double[graph.places()];
    this.noneBefore = new double[graph.places()];
    this.failsBehind = new double[graph.places()];
    this.noneBehindGood = new double[graph.places()];
    this.behind = new BurstBehind(graph, missing, noneBehindGood, failsBehind);
    readLostToo();
    settle();
    lookForFirsts();
  }

  /**
   * @param answeredOffset stream offset up to which records have been answered
   * @return 0 to 1
   */
  public double upTo(long answeredOffset) {
    int answered = tail.packetsBelow(answeredOffset);
    return answered == 0 ? 0 : ofAnswered(answered);
  }

  /** Repeats from above, so that it rests at what peeling leaves. */
  private void settle() {
    Arrays.fill(fails, 1);
    double change = 1;
    for (int round = 0; round < MOST_ROUNDS && change > SETTLED; round++) {
      change = 0;
      for (int group = 0; group < graph.groups(); group++) {
        readMissing(group);
        groups.compute(group, missing);
        for (int place = graph.firstPlace(group); place < graph.endPlace(group); place++) {
          if (graph.packetAt(place) != TailGraph.REPAIR) {
            double now = groups.fails(place);
            change = Math.max(change, fails[place] - now > 0 ? 1 - now / fails[place] : 0);
            fails[place] = now;
          }
        }
      }
    }
  }

  private void readMissing(int group) {
    for (int place = graph.firstPlace(group); place < graph.endPlace(group); place++) {
      int packet = graph.packetAt(place);
      missing[place] = packet == TailGraph.REPAIR ? 1 : fallsToo(packet, place, lostToo[place]);
    }
  }

  /** That a packet is lost if the one next to it in its group is, by place. */
  private void readLostToo() {
    for (int place = 0; place < lostToo.length; place++) {
      boolean last = place + 1 == graph.endPlace(graph.groupAt(place));
      double memory = Math.max(graph.memory(place), last ? 0 : graph.memory(place + 1));
      lostToo[place] = loss.share() + (1 - loss.share()) * memory;
    }
  }

  private void lookForFirsts() {
    for (int group = 0; group < graph.groups(); group++) {
      readMissing(group);
      groups.compute(group, missing);
      for (int place = graph.firstPlace(group); place < graph.endPlace(group); place++) {
        noneBehindGood[place] = groups.noneBehindGood(place);
        if (graph.packetAt(place) != TailGraph.REPAIR) {
          failsBehind[place] = groups.failsBehind(place);
          noneBefore[place] =
              followsNeighbour(place) ? behindNeighbour(place) : groups.noneBefore(place);
        }
      }
    }
  }

  /** Whether the packet sent before is the place before in the same group. */
  private boolean followsNeighbour(int place) {
    return place > graph.firstPlace(graph.groupAt(place))
        && graph.packetAt(place - 1) != TailGraph.REPAIR
        && graph.packetAt(place - 1) == graph.packetAt(place) - 1;
  }

  private double behindNeighbour(int place) {
    int neighbour = graph.packetAt(place - 1);
    double lostToo = lostToo(neighbour);
    return groups.noneBefore(place, lostToo, neighbourFalls(neighbour, place - 1));
  }

  /** That a packet is lost if the one behind it is. */
  private double lostToo(int packet) {
    long number = tail.number(packet);
    long behind = tail.number(packet + 1);
    if (number < 0) {
      return lost(packet);
    }
    double memory = behind < 0 ? 0 : loss.memory(Math.abs(behind - number));
    return loss.share() + (1 - loss.share()) * memory;
  }

  /**
   * That no other group gives a packet either, if it and its neighbour are lost and the neighbour's
   * groups do not give that. Groups of a layer are alike but for one packet: each packet that the
   * neighbour's group lacks has a neighbour in this one, which is lost as likely as neighbours are.
   */
  private double fallsToo(int packet, int but, double lostToo) {
    double all = 1;
    for (int i = 0; i < graph.placesOf(packet); i++) {
      int place = graph.placeOf(packet, i);
      int needed = graph.repairs(graph.groupAt(place));
      all *= place == but ? 1 : 1 - (1 - fails[place]) * (1 - Math.pow(lostToo, needed));
    }
    return all;
  }

  /** The same for a neighbour; if it is known to be lost, that says nothing of others. */
  private double neighbourFalls(int neighbour, int but) {
    boolean known = tail.number(neighbour) == Tail.LOST;
    return fallsToo(neighbour, but, known ? 0 : lostToo(neighbour));
  }

  /**
   * How much less likely it is that a packet is not missing if the one behind it is lost for good.
   */
  private double noneInNeighbour(int packet) {
    double falls = neighbourFalls(packet, -1);
    double anyhow = lost(packet);
    double missing = lostToo(packet) * falls;
    return missing == 1 ? 0 : Math.min(1, (1 - missing) / (1 - anyhow * falls));
  }

  private double ofAnswered(int answered) {
    double none = 0;
    double oldest = 0;
    int oldestPackets = Math.max(1, answered / OLDEST);
    for (int packet = 0; packet < answered; packet++) {
      double first = Math.log1p(-Math.min(1, first(packet)));
      none += first;
      // What is known of a packet says nothing of others.
      oldest += packet < oldestPackets && tail.number(packet) >= 0 ? first / oldestPackets : 0;
    }
    double older = tail.older() == 0 ? 0 : oldest * tail.older();
    return 0 - Math.expm1(none + older);
  }

  private double lost(int packet) {
    long number = tail.number(packet);
    return number == Tail.ARRIVED ? 0 : number == Tail.LOST ? 1 : loss.share();
  }

  /** That a packet is lost for good if none before it in its groups is, nor its neighbour. */
  private double first(int packet) {
    double none = 1;
    boolean neighbourSeen = packet == 0;
    for (int i = 0; i < graph.placesOf(packet); i++) {
      int place = graph.placeOf(packet, i);
      // Bursts that reach back into one group reach into the nearer ones too: not independent.
      none = Math.min(none, noneBefore[place]);
      neighbourSeen |= followsNeighbour(place);
    }
    if (!neighbourSeen) {
      none = Math.min(none, noneInNeighbour(packet - 1));
    }
    return lost(packet) * behind.allFail(packet) * none;
  }
}
