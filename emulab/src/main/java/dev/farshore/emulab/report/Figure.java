package dev.farshore.emulab.report;

import dev.farshore.emulab.plan.Plot;
import java.util.List;

/**
 * A plot with its data.
 *
 * @param words on the x axis, if these are no numbers; else empty
 * @param missing curves that have no valid run
 */
public record Figure(Plot plot, List<Curve> curves, List<String> words, List<String> missing) {
  public Figure {
    curves = List.copyOf(curves);
    words = List.copyOf(words);
    missing = List.copyOf(missing);
  }
}
