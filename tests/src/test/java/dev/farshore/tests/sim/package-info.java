/**
 * The whole system in virtual time, from a seed: two sites with a disk each, the network between
 * them, clients, an operator, and everything that goes wrong. One thread, no clock.
 *
 * <pre>
 *   Clients ──Export──▶ Site "west" ═══ SimulatedNetwork ═══ Site "east" ◀──Export── Clients
 *                         │ GroupNode                          │ GroupNode
 *                         │ ObservedStore ─┐             ┌─────│ ObservedStore
 *                         │ SimulatedDisk  │             │     │ SimulatedDisk
 *                         ▼                ▼             ▼     ▼
 *   Nemesis, Operator   platter         LogModel, Promises,   platter
 *                                       WireWatch: the oracles
 * </pre>
 *
 * <p>{@link dev.farshore.tests.sim.Scenario} is what a seed chose: which faults there are and how
 * often (swarm testing: most kinds are off in most seeds). {@link dev.farshore.tests.sim.World}
 * takes one step after the other, in seeded order, and has the invariants checked after each. When
 * nobody has anything to do it jumps to the next deadline; when there is none, that is a failure.
 * After a while the faults stop, and the world must converge.
 *
 * <p>The oracles do not ask the product what is true. They remember what was given to a store and
 * what a client was told, watch the wire, and look at the platter.
 */
package dev.farshore.tests.sim;
