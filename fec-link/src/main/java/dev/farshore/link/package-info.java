/**
 * What crosses the WAN: a one-way, ordered, forward-error-corrected stream of bytes over datagrams.
 *
 * <pre>
 *   offer ──▶ packets ──▶ paced ──▶ DatagramPort ═══ WAN ═══▶ LinkReceiver ──▶ stream
 *                │                                               ▲  │
 *                └──▶ coding groups ──▶ repair packets ══════════┘  └──▶ ack, nak ═══▶ LinkSender
 * </pre>
 */
package dev.farshore.link;
