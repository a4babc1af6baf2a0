package dev.farshore.emulab.results;

import java.util.Optional;

/**
 * One figure of a run.
 *
 * @param at place within the run; empty for a figure of the whole run
 */
public record Sample(String metric, Optional<Double> at, double value) {}
