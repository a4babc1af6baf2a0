package dev.farshore.log.file;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC32C over a part of a buffer. */
final class Checksum {

  private Checksum() {}

  static int of(ByteBuffer buffer, int position, int length) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.slice(position, length));
    return (int) crc.getValue();
  }
}
