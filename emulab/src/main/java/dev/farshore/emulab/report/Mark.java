package dev.farshore.emulab.report;

/**
 * A place of a curve: the mean over the runs of a point.
 *
 * @param label of x, as the plan says it
 * @param x its place; with words on the axis, their number from 0
 * @param mean in the unit of the axis
 * @param deviation the sample's standard deviation; 0 for a single run
 * @param runs valid ones
 */
public record Mark(String label, double x, double mean, double deviation, int runs) {}
