package dev.farshore.emulab.report.chart;

import java.util.ArrayList;
import java.util.List;

/** Words side by side, each at its number. */
record WordScale(List<String> words) implements Scale {

  private static final double MARGIN = 0.5;

  @Override
  public double place(double value) {
    return value;
  }

  @Override
  public double lower() {
    return -MARGIN;
  }

  @Override
  public double upper() {
    return words.size() - MARGIN;
  }

  @Override
  public List<Tick> ticks() {
    List<Tick> ticks = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      ticks.add(new Tick(i, words.get(i)));
    }
    return ticks;
  }
}
