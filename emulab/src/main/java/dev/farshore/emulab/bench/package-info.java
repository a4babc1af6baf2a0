/**
 * Runs the plans: which runs there are, in which order, with which seeds, and what becomes of each.
 * What is kept of a run is the matter of {@link dev.farshore.emulab.results}.
 */
package dev.farshore.emulab.bench;
