package dev.farshore.log.slot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;

/** The bytes of one slot; the table is in the package's documentation. */
final class SlotCodec {
  static final int HEADER_BYTES = 24;

  /** A value that a slot held. */
  record Slot(long sequence, ByteBuffer value) {}

  private SlotCodec() {}

  static ByteBuffer encode(SlotFormat format, long sequence, ByteBuffer value) {
    ByteBuffer slot =
        ByteBuffer.allocate(SlotFormat.OVERHEAD_BYTES + value.remaining())
            .order(ByteOrder.LITTLE_ENDIAN);
    slot.putLong(format.magic());
    slot.putInt(format.version());
    slot.putInt(value.remaining());
    slot.putLong(sequence);
    slot.put(value.duplicate());
    slot.putInt(checksum(slot.duplicate().flip()));
    return slot.flip();
  }

  /**
   * @param bytes a whole slot, from position to limit
   * @return empty if it holds no value: never written, torn or rotten
   * @throws IOException if it holds one that this software cannot read
   */
  static Optional<Slot> decode(SlotFormat format, ByteBuffer bytes) throws IOException {
    ByteBuffer slot = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (slot.remaining() < SlotFormat.OVERHEAD_BYTES || slot.getLong(0) != format.magic()) {
      return Optional.empty();
    }
    int length = slot.getInt(12);
    if (length < 0 || length > slot.remaining() - SlotFormat.OVERHEAD_BYTES) {
      return Optional.empty();
    }
    int end = HEADER_BYTES + length;
    long sequence = slot.getLong(16);
    if (slot.getInt(end) != checksum(slot.slice(0, end)) || sequence <= 0) {
      return Optional.empty();
    }
    int version = slot.getInt(8);
    if (version != format.version()) {
      throw new IOException(
          "layout version " + version + "; this software reads version " + format.version());
    }
    return Optional.of(new Slot(sequence, slot.slice(HEADER_BYTES, length).asReadOnlyBuffer()));
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
