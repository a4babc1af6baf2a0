/**
 * Erasure codes over data packets: groups on the sending side, and the peeling decoder.
 *
 * <pre>
 *   data packet n ──▶ layer 0: bin n mod stride ──full or closed──▶ repair packet(s) with the recipe
 *                ├──▶ layer 1: ...
 *
 *   repair packet ──▶ PeelingDecoder: missing members &lt;= repairs here? ──▶ restored packet ──┐
 *                          ▲ all groups that wait for it are looked at again ────────────────┘
 * </pre>
 *
 * <p>Layered interleaving is from Maelstrom (Balakrishnan et al., NSDI 2008): in each of c layers
 * one exclusive or for r packets that are a stride apart. Reed-Solomon is one layer whose groups
 * have c repairs; any r of r + c packets suffice. Both protect the symbol of a packet (see {@link
 * dev.farshore.link.packet}), which holds the payload's length too.
 */
package dev.farshore.link.code;
