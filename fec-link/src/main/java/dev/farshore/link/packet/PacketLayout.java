package dev.farshore.link.packet;

import java.nio.ByteBuffer;

/** Offsets and sizes of the layouts in the package documentation. */
public final class PacketLayout {

  public static final int VERSION = 2;

  static final int DATA = 1;
  static final int REPAIR = 2;
  static final int ACK = 3;
  static final int NAK = 4;
  static final int PING = 5;
  static final int CLOSE = 6;

  static final int VERSION_AT = 1;
  static final int KEY_PHASE_AT = 2;
  static final int RESERVED_AT = 3;
  static final int SESSION_AT = 4;
  static final int NUMBER_AT = 12;
  public static final int HEADER_BYTES = 20;
  public static final int TAG_BYTES = 16;

  /** Where the payload of a data packet begins. */
  public static final int DATA_PAYLOAD_AT = 40;

  /** Where the symbol of a repair packet begins. */
  public static final int REPAIR_SYMBOL_AT = 44;

  static final int ACK_RANGES_AT = 104;
  static final int NAK_RANGES_AT = 40;
  static final int PING_BYTES = 40;
  static final int CLOSE_BYTES = 36;
  static final int RANGE_BYTES = 8;

  /** Header of a symbol; see the package documentation. */
  public static final int SYMBOL_HEADER_BYTES = 10;

  /** Bytes of IPv4 and UDP headers, which count on the wire too. */
  public static final int WIRE_OVERHEAD_BYTES = 28;

  /** Smallest datagram size in which every packet type fits with a useful body. */
  public static final int MIN_DATAGRAM_BYTES = 200;

  /** Largest UDP payload over IPv4. */
  public static final int MAX_DATAGRAM_BYTES = 65_507;

  private PacketLayout() {}

  /**
   * The session that a datagram names, before anything in it has been checked; 0, which no session
   * has, if it is too short to name one.
   */
  public static long sessionId(ByteBuffer datagram) {
    return datagram.remaining() < HEADER_BYTES
        ? 0
        : datagram.getLong(datagram.position() + SESSION_AT);
  }

  /** Largest payload of a data packet whose repair still fits into a datagram of that size. */
  public static int maxPayloadBytes(int datagramBytes) {
    return datagramBytes - REPAIR_SYMBOL_AT - SYMBOL_HEADER_BYTES - TAG_BYTES;
  }

  /** Most ranges that an ack of that datagram size carries. */
  public static int maxAckRanges(int datagramBytes) {
    return (datagramBytes - ACK_RANGES_AT - TAG_BYTES) / RANGE_BYTES;
  }

  /** Most ranges that a nak of that datagram size carries. */
  public static int maxNakRanges(int datagramBytes) {
    return (datagramBytes - NAK_RANGES_AT - TAG_BYTES) / RANGE_BYTES;
  }
}
