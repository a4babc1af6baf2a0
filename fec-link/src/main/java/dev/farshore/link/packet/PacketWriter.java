package dev.farshore.link.packet;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Writes the packets of one session into one buffer, which every call uses anew. Each method
 * returns that buffer, position to limit, valid until the next call. Owned by one thread.
 */
public final class PacketWriter {

  private final long sessionId;
  private final byte[] bytes;
  private final ByteBuffer buffer;
  private final CRC32C crc = new CRC32C();

  /**
   * @param datagramBytes largest datagram, {@link PacketLayout#MIN_DATAGRAM_BYTES} or more
   */
  public PacketWriter(long sessionId, int datagramBytes) {
    this.sessionId = sessionId;
    this.bytes = new byte[datagramBytes];
    this.buffer = ByteBuffer.wrap(bytes);
  }

  /**
   * The array behind the buffer: a data packet's payload is put at {@link
   * PacketLayout#DATA_PAYLOAD_AT} of it before {@link #data} is called.
   */
  public byte[] bytes() {
    return bytes;
  }

  /** A data packet around the {@code length} payload bytes that lie in {@link #bytes}. */
  public ByteBuffer data(
      long number, long sequence, long streamOffset, int sentMicros, int length) {
    begin(PacketLayout.DATA, number);
    buffer.putLong(sequence).putLong(streamOffset).putInt(sentMicros);
    buffer.position(PacketLayout.DATA_PAYLOAD_AT + length);
    return tag();
  }

  /**
   * @param symbol array whose first {@code length} bytes are the coded symbol
   */
  public ByteBuffer repair(
      long number, Recipe recipe, int index, long coveredSequence, byte[] symbol, int length) {
    begin(PacketLayout.REPAIR, number);
    buffer.putLong(recipe.first()).putLong(coveredSequence).putShort((short) recipe.stride());
    buffer.put((byte) recipe.layer()).put((byte) recipe.code().wireCode());
    buffer.put((byte) recipe.data()).put((byte) recipe.repairs());
    buffer.put((byte) index).put((byte) recipe.members());
    buffer.put(symbol, 0, length);
    return tag();
  }

  /**
   * The ack's own {@code number} is what goes out. Ranges beyond the datagram size are left out.
   */
  public ByteBuffer ack(Packet.Ack ack) {
    begin(PacketLayout.ACK, ack.number());
    buffer.putLong(ack.nextSequence()).putLong(ack.windowEdge());
    buffer.putLong(ack.received()).putLong(ack.mirrored()).putLong(ack.largestNumber());
    buffer.putInt(ack.echoMicros()).putInt(ack.holdMicros());
    buffer.putLong(ack.arrival().arrived()).putLong(ack.arrival().lost());
    buffer.putLong(ack.arrival().repaired()).putInt(ack.arrival().longestBurst());
    buffer.putInt(ack.arrival().meanBurst256());
    ranges(ack.nextSequence(), ack.ranges(), PacketLayout.maxAckRanges(bytes.length));
    return tag();
  }

  /** Ranges beyond the datagram size are left out. */
  public ByteBuffer nak(Packet.Nak nak) {
    begin(PacketLayout.NAK, nak.number());
    buffer.putLong(nak.nextSequence()).putLong(nak.largestNumber());
    ranges(nak.nextSequence(), nak.ranges(), PacketLayout.maxNakRanges(bytes.length));
    return tag();
  }

  public ByteBuffer ping(Packet.Ping ping) {
    begin(PacketLayout.PING, ping.number());
    buffer.putLong(ping.nextSequence()).putLong(ping.coveredSequence());
    buffer.putInt(ping.sentMicros());
    return tag();
  }

  public ByteBuffer close(Packet.Close close) {
    begin(PacketLayout.CLOSE, close.number());
    buffer.putLong(close.nextSequence()).putLong(close.streamEnd());
    return tag();
  }

  private void begin(int type, long number) {
    buffer.clear();
    buffer.put((byte) type).put((byte) PacketLayout.VERSION).putShort((short) 0);
    buffer.putLong(sessionId).putLong(number);
  }

  private void ranges(long base, List<SequenceRange> ranges, int most) {
    int count = Math.min(ranges.size(), most);
    buffer.putShort((short) count).putShort((short) 0);
    for (int i = 0; i < count; i++) {
      SequenceRange range = ranges.get(i);
      buffer.putInt(Math.toIntExact(range.first() - base));
      buffer.putInt(Math.toIntExact(range.end() - range.first()));
    }
  }

  private ByteBuffer tag() {
    crc.reset();
    crc.update(bytes, 0, buffer.position());
    buffer.putInt((int) crc.getValue()).putInt(0).putLong(0);
    return buffer.flip();
  }
}
