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
 * One event loop owns everything but the control socket.
 */
package dev.farshore.emulab.wan;
