package dev.farshore.log.record;

import com.dynatrace.hash4j.hashing.ByteAccess;
import com.dynatrace.hash4j.hashing.Hasher128;
import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Offsets of the fields of a record, as in this package's description, and its two checksums. */
final class RecordLayout {

  static final int CHECKSUM = 0;
  static final int LENGTH = 4;
  static final int CHAIN_HIGH = 8;
  static final int CHAIN_LOW = 16;
  static final int VERSION = 24;
  static final int TYPE = 25;
  static final int FLAGS = 26;
  static final int ZERO = 27;
  static final int PAYLOAD_LENGTH = 28;
  static final int GROUP = 32;
  static final int LSN = 40;
  static final int EPOCH_COUNTER = 48;
  static final int EPOCH_SITE = 52;
  static final int EPOCH_RESTART = 56;
  static final int VOLUME = 60;
  static final int OFFSET = 64;
  static final int EXTENT = 72;
  static final int TIME = 80;
  static final int TABLE = RecordFormat.HEADER_BYTES;

  static final byte CURRENT_VERSION = 1;
  static final int FIRST = 1;
  static final int LAST = 2;
  static final int EPOCH_PAYLOAD_BYTES = 12;

  static final Hasher128 CHAIN_HASH = Hashing.xxh3_128();
  static final ByteAccess<ByteBuffer> BUFFER_ACCESS =
      ByteAccess.forByteBuffer(ByteOrder.LITTLE_ENDIAN);

  private RecordLayout() {}

  /** CRC32C of {@code length} bytes of a buffer from {@code position} on; moves nothing. */
  static int crc(ByteBuffer buffer, int position, int length) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.slice(position, length));
    return (int) crc.getValue();
  }

  static ByteBuffer littleEndian(ByteBuffer buffer) {
    return buffer.order() == ByteOrder.LITTLE_ENDIAN
        ? buffer
        : buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }
}
