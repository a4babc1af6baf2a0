/**
 * Where experiments are run. A {@link dev.farshore.emulab.testbed.Trial} says what to run, in terms
 * that hold for every testbed; a {@link dev.farshore.emulab.testbed.Testbed} runs it and says what
 * was seen.
 *
 * <pre>
 *   testers ──write──▶ site "west" ═══ wire(conditions) ═══▶ site "east"
 *   (n, one request    groups 1..g,                          the same groups,
 *    outstanding each) share the link's rate                 promoted after a disaster
 * </pre>
 *
 * <p>The simulated testbed is the whole system in virtual time, on one thread and from a seed; the
 * live one is real agents in real processes, in two network namespaces joined by the emulated WAN.
 */
package dev.farshore.emulab.testbed;
