package dev.farshore.emulab.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How curves are told apart: where two things vary, by colour for the first, and by marker and line
 * for the second; else by all of these at once.
 */
final class Styles {

  private final List<List<String>> keys;

  /** The first two places of the keys that have several values. */
  private final List<Integer> varied = new ArrayList<>();

  Styles(List<List<String>> keys) {
    this.keys = keys;
    int places = keys.isEmpty() ? 0 : keys.getFirst().size();
    for (int place = 0; place < places; place++) {
      if (values(place).size() > 1) {
        varied.add(place);
      }
    }
  }

  private List<String> values(int place) {
    Set<String> values = new LinkedHashSet<>();
    keys.forEach(key -> values.add(key.get(place)));
    return new ArrayList<>(values);
  }

  private boolean isGrid() {
    return varied.size() == 2;
  }

  /** The testbed, which comes first in a key, is told by the line: colours stay what they were. */
  private int first() {
    return varied.getFirst() == 0 ? varied.getLast() : varied.getFirst();
  }

  int color(List<String> key) {
    return isGrid() ? values(first()).indexOf(key.get(first())) : keys.indexOf(key);
  }

  int style(List<String> key) {
    int second = varied.isEmpty() || first() == varied.getFirst() ? last() : varied.getFirst();
    return isGrid() ? values(second).indexOf(key.get(second)) : keys.indexOf(key);
  }

  private int last() {
    return varied.isEmpty() ? 0 : varied.getLast();
  }
}
