package dev.farshore.link.session;

/**
 * How a link session codes, paces and bounds itself. Both ends of a session use the same.
 *
 * @param code which code, with its parameters
 * @param burstNanos how long an outage of the wire a covered byte survives, at any rate; 0 for none
 * @param flushNanos after how long without a new packet open coding groups are closed
 * @param rateBitsPerSecond most bits a second on the wire, all headers (IP and UDP too) and repairs
 *     counted
 * @param datagramBytes largest UDP payload
 * @param windowBytes most stream bytes that are sent and not acknowledged, and most that the
 *     receiver holds
 */
public record LinkSettings(
    CodeSettings code,
    long burstNanos,
    long flushNanos,
    long rateBitsPerSecond,
    int datagramBytes,
    int windowBytes) {}
