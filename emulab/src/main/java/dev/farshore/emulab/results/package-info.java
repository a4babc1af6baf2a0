/**
 * What was measured, as files.
 *
 * <pre>
 *   results/throughput-delay-sim/       of one plan on one testbed; --out names another place
 *     about.json                        what is run, on how many machines, by which code: others are refused
 *     plan.toml                         the plan; words and plots may change between runs
 *     lock                              held by who runs
 *     runs/
 *       delay=25ms.3f2a9c1d77.r1/       what varies, a digest of all inputs, the repetition
 *         samples.csv                   metric,at,value; on sim the same bytes for the same seed
 *         machine.csv                   metric,at,value: what the machine's speed decides
 *         run.json                      inputs, seed, testbed, version, JVM, CPU, start, validity
 *         fault.txt                     where an invalid run ended, if it was by an exception
 *       ….part/                         not finished; removed when the plan is run again
 *     report.html                       made of the files above, again by emulab report
 *     samples.csv                       all samples of valid runs, with their inputs
 *     figures/NAME.svg .png .csv        a figure, and the means and deviations in it
 * </pre>
 *
 * A run is there as a whole or not at all: its directory is renamed when all is in it and forced.
 */
package dev.farshore.emulab.results;
