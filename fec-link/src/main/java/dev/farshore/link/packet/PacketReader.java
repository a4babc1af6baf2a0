package dev.farshore.link.packet;

import dev.farshore.link.packet.Packet.Rejected;
import dev.farshore.link.packet.Packet.Rejection;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Reads datagrams of one session. Any bytes may be given to it: what is not a packet becomes a
 * {@link Packet.Rejected}, and nothing of a datagram is believed before its tag was checked. Owned
 * by one thread.
 */
public final class PacketReader {

  private final long sessionId;
  private final int datagramBytes;
  private final CRC32C crc = new CRC32C();

  /**
   * @param datagramBytes largest datagram that is accepted
   */
  public PacketReader(long sessionId, int datagramBytes) {
    this.sessionId = sessionId;
    this.datagramBytes = datagramBytes;
  }

  /**
   * @param datagram big endian, position to limit; not changed. Views of it are in the result.
   */
  public Packet read(ByteBuffer datagram) {
    int start = datagram.position();
    int length = datagram.remaining();
    int end = datagram.limit() - PacketLayout.TAG_BYTES;
    if (length > datagramBytes || end - start < PacketLayout.HEADER_BYTES) {
      return new Rejected(Rejection.LENGTH);
    }
    if (datagram.get(start + PacketLayout.VERSION_AT) != PacketLayout.VERSION
        || datagram.get(start + PacketLayout.KEY_PHASE_AT) != 0
        || datagram.get(start + PacketLayout.RESERVED_AT) != 0) {
      return new Rejected(Rejection.VERSION);
    }
    if (datagram.getLong(start + PacketLayout.SESSION_AT) != sessionId) {
      return new Rejected(Rejection.OTHER_SESSION);
    }
    if (!tagIsRight(datagram, end)) {
      return new Rejected(Rejection.TAG);
    }
    return readBody(datagram.slice(start, end - start));
  }

  private boolean tagIsRight(ByteBuffer datagram, int end) {
    if (datagram.getInt(end + 4) != 0 || datagram.getLong(end + 8) != 0) {
      return false;
    }
    int start = datagram.position();
    int limit = datagram.limit();
    crc.reset();
    datagram.limit(end);
    crc.update(datagram);
    datagram.limit(limit).position(start);
    return (int) crc.getValue() == datagram.getInt(end);
  }

  private static Packet readBody(ByteBuffer in) {
    long number = in.getLong(PacketLayout.NUMBER_AT);
    if (number < 0) {
      return new Rejected(Rejection.BODY);
    }
    return switch (in.get(0)) {
      case PacketLayout.DATA -> data(number, in);
      case PacketLayout.REPAIR -> repair(number, in);
      case PacketLayout.ACK -> ack(number, in);
      case PacketLayout.NAK -> nak(number, in);
      case PacketLayout.PING -> ping(number, in);
      case PacketLayout.CLOSE -> close(number, in);
      default -> new Rejected(Rejection.BODY);
    };
  }

  private static Packet data(long number, ByteBuffer in) {
    if (in.limit() <= PacketLayout.DATA_PAYLOAD_AT || in.getLong(20) < 0 || in.getLong(28) < 0) {
      return new Rejected(Rejection.BODY);
    }
    ByteBuffer payload =
        in.slice(PacketLayout.DATA_PAYLOAD_AT, in.limit() - PacketLayout.DATA_PAYLOAD_AT);
    return new Packet.Data(number, in.getLong(20), in.getLong(28), in.getInt(36), payload);
  }

  private static Packet repair(long number, ByteBuffer in) {
    int symbolBytes = in.limit() - PacketLayout.REPAIR_SYMBOL_AT;
    if (symbolBytes <= PacketLayout.SYMBOL_HEADER_BYTES) {
      return new Rejected(Rejection.BODY);
    }
    long first = in.getLong(20);
    long covered = in.getLong(28);
    int stride = Short.toUnsignedInt(in.getShort(36));
    int layer = Byte.toUnsignedInt(in.get(38));
    int wireCode = Byte.toUnsignedInt(in.get(39));
    int data = Byte.toUnsignedInt(in.get(40));
    int repairs = Byte.toUnsignedInt(in.get(41));
    int index = Byte.toUnsignedInt(in.get(42));
    int members = Byte.toUnsignedInt(in.get(43));
    if (wireCode != ErasureCode.XOR.wireCode() && wireCode != ErasureCode.REED_SOLOMON.wireCode()) {
      return new Rejected(Rejection.BODY);
    }
    ErasureCode code =
        wireCode == ErasureCode.XOR.wireCode() ? ErasureCode.XOR : ErasureCode.REED_SOLOMON;
    if (covered < 0
        || index >= repairs
        || !Recipe.isValid(first, stride, layer, code, data, repairs, members)) {
      return new Rejected(Rejection.BODY);
    }
    Recipe recipe = new Recipe(first, stride, layer, code, data, repairs, members);
    return new Packet.Repair(
        number, recipe, index, covered, in.slice(PacketLayout.REPAIR_SYMBOL_AT, symbolBytes));
  }

  private static Packet ack(long number, ByteBuffer in) {
    if (in.limit() < PacketLayout.ACK_RANGES_AT) {
      return new Rejected(Rejection.BODY);
    }
    List<SequenceRange> ranges = new ArrayList<>();
    boolean sound =
        readRanges(in, PacketLayout.ACK_RANGES_AT, ranges)
            && in.getLong(28) >= 0
            && in.getLong(52) >= -1;
    if (!sound) {
      return new Rejected(Rejection.BODY);
    }
    ArrivalCounts arrival =
        new ArrivalCounts(
            in.getLong(68), in.getLong(76), in.getLong(84), in.getInt(92), in.getInt(96));
    return new Packet.Ack(
        number,
        in.getLong(20),
        in.getLong(28),
        in.getLong(36),
        in.getLong(44),
        in.getLong(52),
        in.getInt(60),
        in.getInt(64),
        arrival,
        ranges);
  }

  private static Packet nak(long number, ByteBuffer in) {
    if (in.limit() < PacketLayout.NAK_RANGES_AT) {
      return new Rejected(Rejection.BODY);
    }
    List<SequenceRange> ranges = new ArrayList<>();
    if (!readRanges(in, PacketLayout.NAK_RANGES_AT, ranges) || ranges.isEmpty()) {
      return new Rejected(Rejection.BODY);
    }
    return new Packet.Nak(number, in.getLong(20), in.getLong(28), ranges);
  }

  /** Reads the count that lies four bytes before {@code at}, and the ranges from there on. */
  private static boolean readRanges(ByteBuffer in, int at, List<SequenceRange> ranges) {
    long base = in.getLong(20);
    int count = Short.toUnsignedInt(in.getShort(at - 4));
    if (base < 0
        || base > Long.MAX_VALUE / 2
        || in.getShort(at - 2) != 0
        || in.limit() != at + count * PacketLayout.RANGE_BYTES) {
      return false;
    }
    long least = base;
    for (int i = 0; i < count; i++) {
      long first = base + Integer.toUnsignedLong(in.getInt(at + i * PacketLayout.RANGE_BYTES));
      long length = Integer.toUnsignedLong(in.getInt(at + i * PacketLayout.RANGE_BYTES + 4));
      if (first < least || length == 0) {
        return false;
      }
      ranges.add(new SequenceRange(first, first + length));
      least = first + length + 1;
    }
    return true;
  }

  private static Packet ping(long number, ByteBuffer in) {
    if (in.limit() != PacketLayout.PING_BYTES || in.getLong(20) < 0 || in.getLong(28) < 0) {
      return new Rejected(Rejection.BODY);
    }
    return new Packet.Ping(number, in.getLong(20), in.getLong(28), in.getInt(36));
  }

  private static Packet close(long number, ByteBuffer in) {
    if (in.limit() != PacketLayout.CLOSE_BYTES || in.getLong(20) < 0 || in.getLong(28) < 0) {
      return new Rejected(Rejection.BODY);
    }
    return new Packet.Close(number, in.getLong(20), in.getLong(28));
  }
}
