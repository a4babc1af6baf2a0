package dev.farshore.link.risk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Which data packets of a {@link Tail} are in which groups. A <em>place</em> is one packet, data or
 * repair, in one group; the places of a group follow each other in the order of the wire. Packets
 * that have arrived have no places: they can be counted on.
 */
final class TailGraph {

  /** In place of a data packet: a repair. */
  static final int REPAIR = -1;

  private record Place(int packet, long number) {}

  /** Where the places of each group begin; one more at the end. */
  private final int[] groupStart;

  /** Repairs of each group. */
  private final int[] repairs;

  private final int[] packetAt;
  private final int[] groupAt;

  /** What the wire remembers from the place before in the group. */
  private final double[] memory;

  private final int[] packetStart;
  private final int[] placesOfPackets;
  private int longest;
  private int mostRepairs;

  TailGraph(Tail tail, BurstLoss loss) {
    List<List<Place>> groups = new ArrayList<>();
    List<Integer> repairCounts = new ArrayList<>();
    for (Tail.Group group : tail.groups()) {
      List<Place> places = places(tail, group);
      if (places.size() > group.recipe().repairs()) {
        groups.add(places);
        repairCounts.add(group.recipe().repairs());
      }
    }
    groupStart = new int[groups.size() + 1];
    repairs = repairCounts.stream().mapToInt(Integer::intValue).toArray();
    for (int g = 0; g < repairs.length; g++) {
      groupStart[g + 1] = groupStart[g] + groups.get(g).size();
      longest = Math.max(longest, groups.get(g).size());
      mostRepairs = Math.max(mostRepairs, repairs[g]);
    }
    int places = groupStart[repairs.length];
    packetAt = new int[places];
    groupAt = new int[places];
    memory = new double[places];
    packetStart = new int[tail.packets() + 1];
    placesOfPackets = new int[places];
    fill(groups, loss);
    listPlacesOfPackets(tail.packets());
  }

  /** Members that have not arrived, and all repairs; lost ones first. */
  private static List<Place> places(Tail tail, Tail.Group group) {
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < group.recipe().members(); i++) {
      long packet = group.recipe().member(i) - tail.first();
      if (packet >= 0 && packet < tail.packets() && tail.number((int) packet) != Tail.ARRIVED) {
        places.add(new Place((int) packet, tail.number((int) packet)));
      }
    }
    int repairs = group.recipe().repairs();
    for (int i = 0; i < repairs; i++) {
      places.add(new Place(REPAIR, group.lastNumber() - repairs + 1 + i));
    }
    places.sort(Comparator.comparingLong(Place::number));
    return places;
  }

  private void fill(List<List<Place>> groups, BurstLoss loss) {
    int at = 0;
    for (int g = 0; g < groups.size(); g++) {
      long before = Tail.LOST;
      for (Place place : groups.get(g)) {
        packetAt[at] = place.packet();
        groupAt[at] = g;
        memory[at] = before < 0 ? 0 : loss.memory(place.number() - before);
        before = place.number();
        at++;
      }
    }
  }

  private void listPlacesOfPackets(int packets) {
    for (int packet : packetAt) {
      if (packet != REPAIR) {
        packetStart[packet + 1]++;
      }
    }
    for (int i = 0; i < packets; i++) {
      packetStart[i + 1] += packetStart[i];
    }
    int[] next = Arrays.copyOf(packetStart, packets);
    for (int place = 0; place < packetAt.length; place++) {
      if (packetAt[place] != REPAIR) {
        placesOfPackets[next[packetAt[place]]++] = place;
      }
    }
  }

  int groups() {
    return repairs.length;
  }

  int repairs(int group) {
    return repairs[group];
  }

  int firstPlace(int group) {
    return groupStart[group];
  }

  int endPlace(int group) {
    return groupStart[group + 1];
  }

  int places() {
    return packetAt.length;
  }

  int packetAt(int place) {
    return packetAt[place];
  }

  int groupAt(int place) {
    return groupAt[place];
  }

  double memory(int place) {
    return memory[place];
  }

  /** In how many groups a packet is. */
  int placesOf(int packet) {
    return packetStart[packet + 1] - packetStart[packet];
  }

  int placeOf(int packet, int which) {
    return placesOfPackets[packetStart[packet] + which];
  }

  /** Places of the longest group. */
  int longest() {
    return longest;
  }

  int mostRepairs() {
    return mostRepairs;
  }
}
