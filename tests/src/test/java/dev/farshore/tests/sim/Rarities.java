package dev.farshore.tests.sim;

import java.util.EnumMap;
import java.util.Map;

/** How often each rare state was reached. */
final class Rarities {
  private final Map<Rare, Long> counts = new EnumMap<>(Rare.class);

  void reached(Rare state) {
    counts.merge(state, 1L, Long::sum);
  }

  void addAll(Rarities others) {
    others.counts.forEach((state, count) -> counts.merge(state, count, Long::sum));
  }

  long count(Rare state) {
    return counts.getOrDefault(state, 0L);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Rare state : Rare.values()) {
      text.append(String.format("%8d  %s%n", count(state), state));
    }
    return text.toString();
  }
}
