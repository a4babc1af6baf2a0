package dev.farshore.link.session;

import dev.farshore.link.packet.PacketLayout;
import dev.farshore.link.port.DatagramPort;

/**
 * How a link session codes, paces and bounds itself. Both ends of a session use the same.
 *
 * <p>The <em>burst promise</em>: if the wire is dead for {@code burstNanos} at any time, whatever
 * was sent before, in and after that span, then every byte that {@link LinkSender#coveredOffset}
 * told at the full level is restored by the code alone. {@link CodePlan} says how it is kept, and
 * by how much it widens the interleave.
 *
 * @param code which code, with its parameters
 * @param burstNanos how long an outage of the wire a covered byte survives, at any rate; 0 for
 *     none. Without a code it has no effect
 * @param flushNanos for how long an open coding group waits for more members when the sender has
 *     nothing to send and no idle capacity; with idle capacity it is closed at once
 * @param rateBitsPerSecond most bits a second on the wire, all headers (IP and UDP too) and repairs
 *     counted
 * @param datagramBytes largest UDP payload, {@link PacketLayout#MIN_DATAGRAM_BYTES} to {@link
 *     PacketLayout#MAX_DATAGRAM_BYTES}
 * @param windowBytes most stream bytes that are sent and not acknowledged, and most that the
 *     receiver holds; two datagrams or more
 */
public record LinkSettings(
    CodeSettings code,
    long burstNanos,
    long flushNanos,
    long rateBitsPerSecond,
    int datagramBytes,
    int windowBytes) {

  public LinkSettings {
    require(burstNanos >= 0, "burst must not be negative");
    require(flushNanos >= 0, "flush time must not be negative");
    require(rateBitsPerSecond >= 8_000, "rate must be at least 8 kbit/s");
    require(
        datagramBytes >= PacketLayout.MIN_DATAGRAM_BYTES
            && datagramBytes <= PacketLayout.MAX_DATAGRAM_BYTES,
        "datagram size must be between 200 and 65507 bytes");
    require(windowBytes >= 2 * datagramBytes, "window must hold two datagrams");
    CodePlan.check(code, burstNanos, rateBitsPerSecond, datagramBytes, windowBytes);
  }

  /** Longest payload of a data packet. */
  int maxPayloadBytes() {
    return PacketLayout.maxPayloadBytes(datagramBytes);
  }

  /** Largest datagram that a session sends over that port. */
  int datagramBytesOver(DatagramPort port) {
    int bytes = Math.min(datagramBytes, port.maxDatagramBytes());
    require(bytes >= PacketLayout.MIN_DATAGRAM_BYTES, "the port's datagrams are too small");
    return bytes;
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
