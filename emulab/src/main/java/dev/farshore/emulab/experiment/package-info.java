/**
 * The experiments that plans name. An {@link dev.farshore.emulab.experiment.Experiment} runs one
 * {@link dev.farshore.emulab.experiment.Point} of a plan once, and says what it saw to {@link
 * dev.farshore.emulab.experiment.Samples}; plans, repetitions, files and plots are the caller's.
 */
package dev.farshore.emulab.experiment;
