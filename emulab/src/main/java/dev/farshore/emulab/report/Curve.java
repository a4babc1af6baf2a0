package dev.farshore.emulab.report;

import java.util.List;

/**
 * One curve of a figure.
 *
 * @param name for the legend
 * @param color number of the colour, from 0
 * @param style number of marker and line style, from 0
 * @param marks in the order of x
 */
public record Curve(String name, int color, int style, List<Mark> marks) {
  public Curve {
    marks = List.copyOf(marks);
  }
}
