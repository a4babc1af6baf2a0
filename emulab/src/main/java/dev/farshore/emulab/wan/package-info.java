/**
 * A wide-area link between two sites on a bench: a relay of UDP and TCP that treats what passes as
 * {@link dev.farshore.link.model.LinkModel} says.
 *
 * <pre>
 *   client ──▶ --listen ─┬─ UDP, datagram by datagram: a Wire with all its faults ─┬──▶ --to
 *          ◀──           └─ TCP, chunk by chunk: a Wire with delay and rate only ──┘ ◀──
 *                           forward ──▶                              ◀── backward
 * </pre>
 *
 * UDP and TCP have an event loop each, which owns all of theirs.
 *
 * <p>{@link dev.farshore.emulab.wan.Wan} is what can be said to any link, this one or one between
 * network namespaces; {@link dev.farshore.emulab.wan.Orders} carries that out for both.
 */
package dev.farshore.emulab.wan;
