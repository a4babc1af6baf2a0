/**
 * Draws figures, and is the only package that knows how: JFreeChart draws, Batik writes SVG. What
 * decides whether a figure can be read is ours: {@link dev.farshore.emulab.report.chart.Scale}
 * places values and ticks, also zero on a logarithmic axis; colours, markers and lines are in
 * {@link dev.farshore.emulab.report.chart.Palette}.
 */
package dev.farshore.emulab.report.chart;
