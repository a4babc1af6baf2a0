package dev.farshore.link.model;

import java.net.InetSocketAddress;

/**
 * What travels for a simulated control channel.
 *
 * @param channel what the receiving end calls it
 * @param number counts what an end sends, from 0; in an ACKNOWLEDGE the number that it expects next
 */
record Segment(
    InetSocketAddress from,
    InetSocketAddress to,
    long channel,
    Kind kind,
    long number,
    byte[] bytes) {

  /** TCP and IP headers, less what the path adds anyway. */
  private static final int EXTRA_HEADER_BYTES = 12;

  enum Kind {
    CONNECT,
    ACCEPT,
    MESSAGE,
    ALIVE,
    FINISH,
    ACKNOWLEDGE,
    RESET
  }

  int wireBytes() {
    return bytes.length + EXTRA_HEADER_BYTES;
  }

  /** What a host answers that knows nothing of the channel. */
  Segment reset() {
    return new Segment(to, from, channel ^ 1, Kind.RESET, 0, new byte[0]);
  }
}
