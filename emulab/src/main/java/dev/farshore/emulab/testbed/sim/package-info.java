/**
 * The testbed of virtual time: agents, disks and wire of both sites on one thread, from a seed.
 *
 * <pre>
 *   Tester ─ Export.write ─▶ Machine (west, group i) ─┐                        ┌─▶ Machine (east, group i)
 *   Tester ─ Export.write ─▶ Machine (west, group j) ─┴─ one SimulatedPath ═══─┴─▶ Machine (east, group j)
 * </pre>
 *
 * <p>The agents are the product's, every byte of it; network and disks are the product's simulated
 * ones. What is the testbed's own is stated in {@link dev.farshore.emulab.testbed.sim.Physics}: how
 * long disks take and how often an agent's loop comes round. Processors are infinitely fast.
 *
 * <p>Where a trial ends in a disaster, a {@link dev.farshore.emulab.testbed.wire.WireWatch} reads
 * along on the path from west to east, and each answered request that is missing in the end is
 * judged by it.
 */
package dev.farshore.emulab.testbed.sim;
